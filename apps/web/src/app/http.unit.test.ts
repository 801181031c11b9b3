import { http, refusalOf } from './http';

const answer = (body: string, status = 200) =>
  jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(body, { status }));
const readText = (body: unknown) => (typeof body === 'string' ? body : undefined);

describe('http', () => {
  afterEach(() => jest.restoreAllMocks());

  it('returns what the answer holds', async () => {
    answer('"hello"');
    await expect(http('/x', { read: readText })).resolves.toBe('hello');
  });

  it('sends the token and the body as JSON', async () => {
    const fetch = answer('"ok"');
    await http('/x', { method: 'POST', body: { a: 1 }, token: 't', read: readText });
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
    });
  });

  it.each(['', '<html>', '12', '{"a":'])('refuses the answer %j', async (body) => {
    answer(body);
    await expect(http('/x', { read: readText })).rejects.toMatchObject({
      code: 'INVALID_RESPONSE',
    });
  });

  it('reports that the server cannot be reached', async () => {
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
    await expect(http('/x', { read: readText })).rejects.toMatchObject({ code: 'OFFLINE' });
  });
});

describe('refusalOf', () => {
  it('takes code and message of an error body', () => {
    const body = { error: { code: 'SESSION_EXPIRED', message: 'The session has expired.' } };
    expect(refusalOf(401, body)).toMatchObject(body.error);
  });

  it('takes code and detail of problem details', () => {
    const body = { type: 'about:blank', status: 404, code: 'NOT_FOUND', detail: 'No player.' };
    expect(refusalOf(404, body)).toMatchObject({ code: 'NOT_FOUND', message: 'No player.' });
  });

  it.each([undefined, null, 'x', {}, { error: null }, { error: { code: 1 } }])(
    'makes a readable message of the body %j',
    (body) => {
      const { code, message } = refusalOf(502, body);
      expect(code).toBe('HTTP_502');
      expect(message).toContain('502');
    },
  );
});
