import { errorBodySchema, recordedMatchSchema } from '@typerush/contracts';
import { createMetrics } from '@typerush/service-kit';
import request from 'supertest';
import { silentLogger, testDatabase } from '../test/open-database';
import { sampleMatch, sampleParticipant } from '../test/sample-match';
import { type App, createApp } from './app';
import { type Database } from './database/database';
import { loadEmbedded } from './database/embedded-connection';

const serviceToken = 'a-token-for-tests-with-more-than-32-characters';

describe('record-service over HTTP', () => {
  let database: Database;
  let app: App;
  const post = (body?: unknown, token = serviceToken) =>
    request(app.server)
      .post('/api/matches')
      .set('authorization', `Bearer ${token}`)
      .set('content-type', 'application/json')
      .send(typeof body === 'string' ? body : JSON.stringify(body));
  const get = (path: string) => request(app.server).get(path);
  const count = () => database.use((client) => client.match.count());

  async function expectRefusal(answer: request.Test, status: number, code: string) {
    const before = await count();
    const { body, status: given } = await answer;
    expect([given, errorBodySchema.parse(body).error.code]).toEqual([status, code]);
    expect(await count()).toBe(before);
    return (body as { error: { message: string } }).error.message;
  }

  beforeAll(async () => {
    const open = await loadEmbedded();
    database = await testDatabase(() => open());
    const metrics = createMetrics({ service: 'record-service' });
    app = await createApp({ database, serviceToken, logger: silentLogger, metrics });
  });
  afterAll(async () => {
    await app.close();
    await database.close();
  });

  it('is alive and not ready before its database is open, and reports so to a writer', async () => {
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/health/ready')).status).toBe(503);
    const { status, body } = await post(sampleMatch());
    expect([status, errorBodySchema.parse(body).error.code]).toEqual([503, 'UNAVAILABLE']);
  });

  describe('with its database open', () => {
    beforeAll(() => database.open());

    it('is ready', async () => {
      const { status, body } = await get('/health/ready');
      expect([status, body.checks.database.status]).toEqual([200, 'up']);
    });

    it('writes a match and reads it back', async () => {
      const match = sampleMatch();
      const written = await post(match);
      expect(written.status).toBe(201);
      expect(recordedMatchSchema.parse(written.body)).toMatchObject(match);
      const read = await get(written.get('location') ?? 'no location');
      expect([read.status, read.body]).toEqual([200, written.body]);
    });

    it('answers a repeat with the stored match, for any order of the participants', async () => {
      const match = sampleMatch();
      const first = await post(match);
      const again = await post({ ...match, participants: [...match.participants].reverse() });
      expect([again.status, again.body]).toEqual([200, first.body]);
    });

    it('refuses another match with the same race and round', async () => {
      const match = sampleMatch();
      await post(match);
      await expectRefusal(post({ ...match, mode: 'wave-rush' }), 409, 'CONFLICT');
      const { body } = await get(`/api/matches/${match.raceId}/1`);
      expect(body).toMatchObject(match);
    });

    it.each([
      ['no token', ''],
      ['another token', serviceToken.replace('a', 'b')],
      ['the start of the token', serviceToken.slice(0, -1)],
      ['the token and more', `${serviceToken}x`],
    ])('refuses to write with %s', async (_what, token) => {
      await expectRefusal(post(sampleMatch(), token), 401, 'UNAUTHENTICATED');
    });

    it('refuses a token in another scheme', async () => {
      const answer = post(sampleMatch()).set('authorization', `Basic ${serviceToken}`);
      await expectRefusal(answer, 401, 'UNAUTHENTICATED');
    });

    it.each([
      ['malformed JSON', '{"raceId":', 400, 'MALFORMED_JSON'],
      ['an empty body', '', 400, 'INVALID_REQUEST'],
      ['a list', '[]', 400, 'INVALID_REQUEST'],
      ['an unknown field', { ...sampleMatch(), cheat: true }, 400, 'INVALID_REQUEST'],
      ['no participants', sampleMatch({ participants: [] }), 400, 'INVALID_REQUEST'],
      [
        'a speed with three decimals',
        sampleMatch({ participants: [sampleParticipant({ wpm: 1.234 })] }),
        400,
        'INVALID_REQUEST',
      ],
      ['over 64 kB', `"${'x'.repeat(65_536)}"`, 413, 'PAYLOAD_TOO_LARGE'],
    ])('refuses %s and writes nothing', async (_what, body, status, code) => {
      await expectRefusal(post(body), status, code);
    });

    it('names the wrong field', async () => {
      const message = await expectRefusal(post(sampleMatch({ round: 0 })), 400, 'INVALID_REQUEST');
      expect(message).toContain('round');
    });

    it.each([
      ['/api/matches/5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11/1', 404, 'NOT_FOUND'],
      ['/api/matches/not-a-race/1', 400, 'INVALID_REQUEST'],
      ['/api/matches/5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11/0', 400, 'INVALID_REQUEST'],
      ['/api/matches/5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11/1.5', 400, 'INVALID_REQUEST'],
      ['/api/matches/%E0%A4%A/1', 400, 'INVALID_REQUEST'],
      ['/api/players', 404, 'NOT_FOUND'],
    ])('answers GET %s with %i', async (path, status, code) => {
      await expectRefusal(get(path), status, code);
    });

    it('measures requests by route, never by path', async () => {
      const { text } = await get('/metrics');
      expect(text).toContain('route="/api/matches/:raceId/:round"');
      expect(text).not.toContain('5b3c1d5e');
    });
  });
});
