import { errorBodySchema, guestSessionSchema, sessionSchema } from '@typerush/contracts';
import { SignJWT } from 'jose';
import request from 'supertest';
import { RunningApp, secret } from '../../test/running-app';

describe('the session routes', () => {
  let running: RunningApp;
  const clock = { now: Date.parse('2026-11-21T17:00:00.000Z') };
  beforeAll(async () => (running = await RunningApp.start({ now: () => clock.now })));
  afterAll(() => running.stop());

  const create = (body: object | string) => request(running.url).post('/api/sessions').send(body);
  const me = (authorization?: string) => {
    const call = request(running.url).get('/api/sessions/me');
    return authorization === undefined ? call : call.set('authorization', authorization);
  };

  it('create a session for a guest, and return it', async () => {
    const created = await create({ name: '  Ada ' });
    expect(created.status).toBe(201);
    expect(created.headers['cache-control']).toBe('no-store');
    const { token, ...session } = guestSessionSchema.parse(created.body);
    expect(session.name).toBe('Ada');
    const answer = await me(`Bearer ${token}`);
    expect(answer.status).toBe(200);
    expect(sessionSchema.parse(answer.body)).toEqual(session);
    expect(JSON.stringify(running.lines)).not.toContain(token);
  });

  it.each([
    ['no name', {}],
    ['a short name', { name: 'A' }],
    ['a name that is not text', { name: { $gt: '' } }],
    ['an unknown field', { name: 'Ada', admin: true }],
    ['a list', []],
  ])('refuse %s', async (_what, body) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(errorBodySchema.parse(answer.body).error.code).toBe('INVALID_REQUEST');
  });

  it.each([
    ['no header', undefined],
    ['another scheme', 'Basic QWRhOng='],
    ['no token', 'Bearer '],
    ['two tokens', 'Bearer a b'],
    ['a token of someone else', 'Bearer e30.e30.AAAA'],
  ])('refuse %s with a challenge', async (_what, header) => {
    const answer = await me(header);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(errorBodySchema.parse(answer.body).error.code).toBe('UNAUTHENTICATED');
  });

  it('refuse a token whose expiry is beyond any date, and do not fail', async () => {
    const token = await new SignJWT({ name: 'Ada', exp: 1e300, iat: 1 })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3a')
      .setIssuer('typerush')
      .setAudience('typerush-game')
      .sign(new TextEncoder().encode(secret));
    expect((await me(`Bearer ${token}`)).status).toBe(401);
    expect(running.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('refuse a session that has expired', async () => {
    const { body } = await create({ name: 'Ada' });
    clock.now += 3_600_000;
    const answer = await me(`Bearer ${guestSessionSchema.parse(body).token}`);
    expect(answer.status).toBe(401);
    expect(errorBodySchema.parse(answer.body).error.code).toBe('SESSION_EXPIRED');
  });
});

describe('the limit of sessions by address', () => {
  const create = (running: RunningApp, forwardedFor: string) =>
    request(running.url)
      .post('/api/sessions')
      .set('x-forwarded-for', forwardedFor)
      .send({ name: 'Ada' });

  it('does not depend on the address that a client claims to have', async () => {
    const running = await RunningApp.start({ sessionsPerMinute: 2 });
    const statuses = [];
    for (const claimed of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) {
      statuses.push((await create(running, claimed)).status);
    }
    const refused = await create(running, '10.0.0.4');
    await running.stop();
    expect(statuses).toEqual([201, 201, 429]);
    expect(errorBodySchema.parse(refused.body).error.code).toBe('RATE_LIMITED');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('counts the address that a trusted proxy reports', async () => {
    const running = await RunningApp.start({ sessionsPerMinute: 1, trustedProxies: 1 });
    const statuses = [];
    for (const client of ['10.0.0.1', '10.0.0.2', '10.0.0.1']) {
      statuses.push((await create(running, client)).status);
    }
    await running.stop();
    expect(statuses).toEqual([201, 201, 429]);
  });
});
