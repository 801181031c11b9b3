import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { AccessError } from './access-error';
import { type HttpRequest, type RequestSignature } from './request-signature';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
const skewMs = 5 * 60 * 1000;

const mismatch = () =>
  new AccessError(
    'SIGNATURE_INVALID',
    'The request signature we calculated does not match the signature you provided. ' +
      'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  );

/**
 * Checks that a request was signed with the secret, at this time, and with the body that it has.
 *
 * @throws AccessError
 */
export async function verifySignature(
  request: HttpRequest,
  signature: RequestSignature,
  secretAccessKey: string,
  now: Date,
): Promise<void> {
  const signingDate = dateOf(signature.date);
  requireCurrent(signature, signingDate, now);
  requireBodyHash(request);
  const expected = await expectedSignature(request, signature, { secretAccessKey, signingDate });
  const [given, right] = [Buffer.from(signature.signature), Buffer.from(expected)];
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw mismatch();
}

function dateOf(date: string): Date {
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const parsed = new Date(iso);
  if (Number.isNaN(parsed.getTime())) {
    throw new AccessError('SIGNATURE_INCOMPLETE', `The date '${date}' does not exist.`);
  }
  return parsed;
}

const basicFormat = (date: Date) => date.toISOString().replace(/[-:]|\.\d{3}/g, '');

function requireCurrent({ date, expiresIn }: RequestSignature, signed: Date, now: Date): void {
  const earliest = new Date(now.getTime() - skewMs);
  const latest = new Date(now.getTime() + skewMs);
  const [at, from, until] = [now, earliest, latest].map(basicFormat);
  if (signed > latest) {
    throw new AccessError(
      'SIGNATURE_INVALID',
      `Signature not yet current: ${date} is still later than ${until} (${at} + 5 min.)`,
    );
  }
  if (
    expiresIn === undefined
      ? signed < earliest
      : signed.getTime() + expiresIn * 1000 < now.getTime()
  ) {
    throw new AccessError(
      'SIGNATURE_INVALID',
      expiresIn === undefined
        ? `Signature expired: ${date} is now earlier than ${from} (${at} - 5 min.)`
        : `Signature expired: ${date} was valid for ${expiresIn} seconds.`,
    );
  }
}

const bodyHashHeader = 'x-amz-content-sha256';

/** The signer takes the hash from this header; so it has to be that of the body, and not `UNSIGNED-PAYLOAD`. */
function requireBodyHash({ headers, body }: HttpRequest): void {
  const claimed = headers[bodyHashHeader];
  if (claimed === undefined) return;
  if (claimed !== createHash('sha256').update(body).digest('hex')) throw mismatch();
}

/** Signs the request as its client had to: with the headers that it names, and no others. */
async function expectedSignature(
  request: HttpRequest,
  signature: RequestSignature,
  {
    secretAccessKey,
    signingDate,
  }: { readonly secretAccessKey: string; readonly signingDate: Date },
): Promise<string> {
  const { accessKeyId, region, service, signedHeaders, sessionToken, expiresIn } = signature;
  const signer = new SignatureV4({
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(expiresIn !== undefined && sessionToken !== undefined && { sessionToken }),
    },
    region,
    service,
    sha256: NodeSha256,
    applyChecksum: false,
  });
  const names = new Set(signedHeaders);
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const unsigned = {
    protocol: 'http:',
    hostname: 'localhost',
    method: request.method,
    path: pathname,
    query: queryOf(searchParams),
    headers: Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => names.has(name)),
    ),
    body: request.body,
  };
  const options = { signingDate, signableHeaders: names };
  if (expiresIn === undefined) {
    const { headers } = await signer.sign(unsigned, options);
    return /Signature=([0-9a-f]+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
  }
  const { query } = await signer.presign(unsigned, {
    ...options,
    expiresIn,
    unhoistableHeaders: names,
  });
  return String(query?.['X-Amz-Signature'] ?? '');
}

const signatureParameters =
  /^X-Amz-(Algorithm|Credential|Date|Expires|SignedHeaders|Signature|Security-Token)$/;

function queryOf(parameters: URLSearchParams): Record<string, string[]> {
  const query = new Map<string, string[]>();
  for (const [name, value] of parameters) {
    if (signatureParameters.test(name)) continue;
    query.set(name, [...(query.get(name) ?? []), value]);
  }
  return Object.fromEntries(query);
}

/** Node's SHA-256 as the signer calls it. */
class NodeSha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytes(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    throw new Error('a hash is used once');
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}
