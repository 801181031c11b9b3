import { guestSessionSchema } from '@typerush/contracts';
import { SignJWT } from 'jose';
import { SessionTokens } from './session-tokens';

const secret = 'a secret of thirty-two characters';
const start = Date.parse('2026-11-21T17:00:00.400Z');
const key = new TextEncoder().encode(secret);

function setUp(options: { secret?: string; ttlMs?: number } = {}) {
  const clock = { now: start };
  const tokens = new SessionTokens({ secret, ttlMs: 60_000, now: () => clock.now, ...options });
  return { clock, tokens };
}

/** What an honest token holds. */
const claims = { name: 'Ada', iss: 'typerush', aud: 'typerush-game' };

async function forged(
  change: object,
  { alg = 'HS256', sub = '0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3a' } = {},
): Promise<string> {
  const jwt = new SignJWT({
    ...claims,
    sub,
    iat: Math.floor(start / 1_000),
    exp: Math.floor(start / 1_000) + 60,
    ...change,
  });
  return jwt.setProtectedHeader({ alg }).sign(key);
}

describe('a session token', () => {
  it('identifies a new player until it expires', async () => {
    const { tokens } = setUp();
    const guest = await tokens.issue('Ada');
    expect(guestSessionSchema.parse(guest)).toEqual(guest);
    expect(guest.expiresAt).toBe('2026-11-21T17:01:00.000Z');
    const { token, ...session } = guest;
    expect(await tokens.verify(token)).toEqual(session);
  });

  it('identifies another player each time, regardless of the name', async () => {
    const { tokens } = setUp();
    const [one, other] = await Promise.all([tokens.issue('Ada'), tokens.issue('Ada')]);
    expect(one.playerId).not.toBe(other.playerId);
  });

  it('keeps a name in any script', async () => {
    const { tokens } = setUp();
    const { token } = await tokens.issue('Zoë 李雷');
    expect((await tokens.verify(token)).name).toBe('Zoë 李雷');
  });

  it('is refused from the second on in which it expires', async () => {
    const { tokens, clock } = setUp();
    const { token } = await tokens.issue('Ada');
    clock.now = Date.parse('2026-11-21T17:00:59.999Z');
    await expect(tokens.verify(token)).resolves.toMatchObject({ name: 'Ada' });
    clock.now += 1;
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
  });

  it('is refused when another secret signed it', async () => {
    const other = setUp({ secret: 'another secret of thirty-two chars' }).tokens;
    const { token } = await other.issue('Ada');
    await expect(setUp().tokens.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is refused when a character of it is changed', async () => {
    const { tokens } = setUp();
    const [header, , signature] = (await tokens.issue('Ada')).token.split('.');
    const { token } = await tokens.issue('Eve');
    const mixed = [header, token.split('.')[1], signature].join('.');
    await expect(tokens.verify(mixed)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is accepted as the test forges it, so that the rejections below are meaningful', async () => {
    await expect(setUp().tokens.verify(await forged({}))).resolves.toMatchObject({ name: 'Ada' });
  });

  it.each([
    ['another issuer', forged({ iss: 'elsewhere' })],
    ['another audience', forged({ aud: 'typerush-records' })],
    ['no expiry', forged({ exp: undefined })],
    ['an expiry beyond any date', forged({ exp: 1e300 })],
    ['an expiry that is the largest integer', forged({ exp: Number.MAX_SAFE_INTEGER })],
    ['an expiry in the year 10000', forged({ exp: 253_402_300_800 })],
    ['an expiry that is not a whole number', forged({ exp: start / 1_000 + 60.5 })],
    ['an expiry as text', forged({ exp: '9999999999' })],
    ['no time of issue', forged({ iat: undefined })],
    ['a time of issue beyond any date', forged({ iat: 1e300 })],
    ['a negative time of issue', forged({ iat: -1 })],
    ['a time of issue as text', forged({ iat: '1' })],
    ['a start in the future', forged({ nbf: start / 1_000 + 3_600 })],
    ['a start beyond any date', forged({ nbf: 1e300 })],
    ['a start as text', forged({ nbf: 'now' })],
    ['no player', forged({ sub: undefined })],
    ['a player that is not a UUID', forged({}, { sub: 'admin' })],
    ['a name that is not allowed', forged({ name: 'x' })],
    ['another algorithm', forged({}, { alg: 'HS384' })],
    ['no signature', Promise.resolve(unsigned())],
    ['no form', Promise.resolve('not a token')],
    ['nothing in it', Promise.resolve('')],
  ])('is refused with %s', async (_what, token) => {
    await expect(setUp().tokens.verify(await token)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});

function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { ...claims, sub: '0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3a', iat: 1, exp: 9e9 };
  return `${part({ alg: 'none' })}.${part(payload)}.`;
}
