import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type HttpRequest, readSignature } from './request-signature';
import { verifySignature } from './verify-signature';

interface Suite {
  readonly secretAccessKey: string;
  readonly cases: readonly {
    readonly name: string;
    readonly signedAt: string;
    readonly header: string;
    readonly query: string;
  }[];
}

const suite = JSON.parse(
  readFileSync(path.join(__dirname, 'test/signing-test-suite.json'), 'utf8'),
) as Suite;

/** A request in the form of the suite: headers may be repeated, and go on in lines that start with a space. */
function parseRequest(text: string): HttpRequest {
  const [head = '', ...rest] = text.split(/\r?\n\r?\n/);
  const [first = '', ...lines] = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers: Record<string, string> = {};
  for (const line of lines.filter(Boolean)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  const [, method = '', url = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(first) ?? [];
  return { method, url, headers, body: Buffer.from(rest.join('\n\n')) };
}

const verify = (request: HttpRequest, at: string, secret = suite.secretAccessKey) =>
  verifySignature(request, readSignature(request), secret, new Date(at));

const sample = suite.cases.find(({ name }) => name === 'post-x-www-form-urlencoded');
if (!sample) throw new Error('the suite lacks a case');
const signed = parseRequest(sample.header);
const { signedAt } = sample;
const refused = (change: Partial<HttpRequest>, at = signedAt) => {
  const request = { ...signed, ...change };
  return expect(Promise.resolve().then(() => verify(request, at))).rejects;
};
const withHeaders = (headers: Record<string, string>) => ({
  headers: { ...signed.headers, ...headers },
});
const withoutHeader = (name: string) => ({
  headers: Object.fromEntries(Object.entries(signed.headers).filter(([key]) => key !== name)),
});
const authorization = (from: RegExp, to: string) =>
  withHeaders({ authorization: (signed.headers['authorization'] ?? '').replace(from, to) });

describe('AWS’s test suite of signatures', () => {
  it.each(suite.cases)('$name is valid, signed in headers', async ({ header, signedAt: at }) => {
    await expect(verify(parseRequest(header), at)).resolves.toBeUndefined();
  });

  it.each(suite.cases)('$name is valid, signed in the query', async ({ query, signedAt: at }) => {
    await expect(verify(parseRequest(query), at)).resolves.toBeUndefined();
  });

  it.each(suite.cases)(
    '$name is invalid under another secret',
    async ({ header, query, signedAt: at }) => {
      for (const text of [header, query]) {
        await expect(verify(parseRequest(text), at, 'another')).rejects.toMatchObject({
          code: 'SIGNATURE_INVALID',
          message: expect.stringContaining('we calculated does not match'),
        });
      }
    },
  );
});

describe('a forged request', () => {
  const mismatch = {
    code: 'SIGNATURE_INVALID',
    message: expect.stringContaining('does not match'),
  };

  it('is refused with another body, even one that the hash of the header does not cover', async () => {
    await refused({ body: Buffer.from('Param1=value2') }).toMatchObject(mismatch);
    const unsigned = withHeaders({ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' });
    await refused(unsigned).toMatchObject(mismatch);
  });

  it('is refused with another method, query or host', async () => {
    await refused({ method: 'GET' }).toMatchObject(mismatch);
    await refused({ url: '/?Action=DeleteStack' }).toMatchObject(mismatch);
    await refused(withHeaders({ host: '127.0.0.1:5100' })).toMatchObject(mismatch);
  });

  it('is refused with another signature, region or service', async () => {
    await refused(authorization(/.$/, 'f')).toMatchObject(mismatch);
    await refused(authorization(/Signature=\w+/, 'Signature=')).toMatchObject({
      code: 'SIGNATURE_INCOMPLETE',
      message: "Authorization header requires 'Signature' parameter.",
    });
    await refused(authorization(/us-east-1/, 'eu-west-1')).toMatchObject(mismatch);
    await refused(authorization(/\/service\//, '/ecr/')).toMatchObject(mismatch);
  });

  it('is refused with a header of AWS that is not signed, and without one that is', async () => {
    await refused(
      withHeaders({ 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.DeleteRepository' }),
    ).toMatchObject({
      code: 'SIGNATURE_INVALID',
      message: "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.",
    });
    await refused(authorization(/;host/, '')).toMatchObject({
      message: expect.stringContaining("'host' must be"),
    });
    await refused(withoutHeader('content-type')).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });

  it('is refused five minutes before and after it was signed', async () => {
    await refused({}, '2015-08-30T12:41:01Z').toMatchObject({
      message:
        'Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)',
    });
    await refused({}, '2015-08-30T12:30:59Z').toMatchObject({
      message:
        'Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)',
    });
    await expect(verify(signed, '2015-08-30T12:41:00Z')).resolves.toBeUndefined();
  });

  it('is refused if its query is older than it says', async () => {
    const request = parseRequest(sample.query);
    await expect(verify(request, '2015-08-30T13:36:00Z')).resolves.toBeUndefined();
    await expect(verify(request, '2015-08-30T13:36:01Z')).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
  });

  it.each<[string, Partial<HttpRequest>, string]>([
    ['no signature', withoutHeader('authorization'), 'TOKEN_MISSING'],
    ['another algorithm', withHeaders({ authorization: 'Bearer x' }), 'SIGNATURE_INCOMPLETE'],
    ['no parts', withHeaders({ authorization: 'AWS4-HMAC-SHA256 ' }), 'SIGNATURE_INCOMPLETE'],
    ['no date', withoutHeader('x-amz-date'), 'SIGNATURE_INCOMPLETE'],
    ['a short credential', authorization(/\/us-east-1/, ''), 'SIGNATURE_INCOMPLETE'],
    ['another terminator', authorization(/aws4_request/, 'aws5_request'), 'SIGNATURE_INVALID'],
    ['another day', authorization(/20150830/, '20150831'), 'SIGNATURE_INVALID'],
    [
      'a date that does not exist',
      {
        headers: {
          ...authorization(/20150830/, '20159930').headers,
          'x-amz-date': '20159930T123600Z',
        },
      },
      'SIGNATURE_INCOMPLETE',
    ],
  ])('is refused with %s', async (_what, change, code) => {
    await refused(change).toMatchObject({ name: 'AccessError', code });
  });
});
