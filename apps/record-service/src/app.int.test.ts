import {
  accountRecordsSchema,
  historyPageSchema,
  leaderboardPageSchema,
  personalBestsSchema,
  problemDetailsSchema,
  profileSchema,
  recordedMatchSchema,
  recordsSchema,
} from '@typerush/contracts';
import SwaggerParser from '@apidevtools/swagger-parser';
import { createMetrics } from '@typerush/service-kit';
import request from 'supertest';
import { type z } from 'zod';
import { silentLogger, testDatabase } from '../test/open-database';
import { sampleRound } from '../test/sample-round';
import { type App, createApp } from './app';
import { type Database } from './database/database';
import { loadEmbedded } from './database/embedded-connection';

const serviceToken = 'a-token-for-tests-with-more-than-32-characters';

describe('record-service over HTTP', () => {
  let database: Database;
  let app: App;
  const post = (body?: unknown, token = serviceToken) =>
    request(app.server)
      .post('/v1/matches')
      .set('authorization', `Bearer ${token}`)
      .set('content-type', 'application/json')
      .send(typeof body === 'string' ? body : JSON.stringify(body));
  const get = (path: string) => request(app.server).get(path);
  const count = () => database.use((client) => client.match.count());

  async function expectRefusal(answer: request.Test, status: number, code: string) {
    const before = await count();
    const { body, status: given, type } = await answer;
    const problem = problemDetailsSchema.parse(body);
    expect([given, problem.status, problem.code]).toEqual([status, status, code]);
    expect(type).toBe('application/problem+json');
    expect(await count()).toBe(before);
    return problem.detail;
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
    const { status, body } = await post(sampleRound());
    expect([status, problemDetailsSchema.parse(body).code]).toEqual([503, 'UNAVAILABLE']);
  });

  describe('with its database open', () => {
    beforeAll(() => database.open());

    it('is ready', async () => {
      const { status, body } = await get('/health/ready');
      expect([status, body.checks.database.status]).toEqual([200, 'up']);
    });

    it('writes a round and reads it back', async () => {
      const round = sampleRound();
      const written = await post(round);
      expect(written.status).toBe(201);
      const match = recordedMatchSchema.parse(written.body);
      expect(match.players.map(({ rank }) => rank)).toEqual([1, 2]);
      const read = await get(written.get('location') ?? 'no location');
      expect([read.status, read.body]).toEqual([200, written.body]);
    });

    it('answers a repeat with the stored match, for any order of the players', async () => {
      const round = sampleRound();
      const first = await post(round);
      const again = await post({ ...round, players: [...round.players].reverse() });
      expect([again.status, again.body]).toEqual([200, first.body]);
    });

    it('refuses another round with the same race and number', async () => {
      const round = sampleRound();
      const { body } = await post(round);
      await expectRefusal(post({ ...sampleRound(), raceId: round.raceId }), 409, 'CONFLICT');
      expect((await get(`/v1/matches/${round.raceId}/1`)).body).toEqual(body);
    });

    it('shows a result wherever it belongs', async () => {
      const round = sampleRound();
      await post(round);
      const { playerId, wpm } = round.players[0]!;
      const board = 'type-race.english-200.10';
      const read = async <T>(schema: z.ZodType<T>, path: string) => {
        const answer = await get(path);
        expect([path, answer.status]).toEqual([path, 200]);
        return schema.parse(answer.body);
      };
      const around = `/v1/leaderboards/${board}/around/${playerId}`;
      expect(await read(leaderboardPageSchema, `${around}?period=day&limit=3`)).toMatchObject({
        entries: expect.arrayContaining([expect.objectContaining({ playerId, wpm })]),
      });
      const top = await read(leaderboardPageSchema, `/v1/leaderboards/${board}?limit=1`);
      expect(top.entries).toMatchObject([{ rank: 1 }]);
      const profile = await read(profileSchema, `/v1/players/${playerId}`);
      expect(profile).toMatchObject({ matches: 1, wins: 1 });
      const { bests } = await read(personalBestsSchema, `/v1/players/${playerId}/bests`);
      expect(bests).toMatchObject([{ board, wpm }]);
      const history = await read(historyPageSchema, `/v1/players/${playerId}/matches`);
      expect(history.matches).toMatchObject([{ raceId: round.raceId }]);
      const none = await read(historyPageSchema, `/v1/players/${playerId}/matches?mode=time`);
      expect(none.matches).toEqual([]);
      expect((await read(recordsSchema, '/records')).modes).toMatchObject([{ mode: 'type-race' }]);
      expect(await read(accountRecordsSchema, `/records/${playerId}`)).toMatchObject({
        accountId: playerId,
        modes: [
          { mode: 'type-race', personalRecord: { wpm }, history: [{ raceId: round.raceId }] },
        ],
      });
    });

    it('describes itself in OpenAPI, with every route that it has', async () => {
      const { body } = await get('/docs/openapi.json');
      // Resolves references in place, so it gets a copy.
      await SwaggerParser.validate(
        structuredClone(body) as Parameters<typeof SwaggerParser.validate>[0],
      );
      const { paths } = body as { paths: Record<string, object> };
      const described = Object.keys(paths);
      for (const [path, methods] of Object.entries(paths)) {
        const url = path.replace(/\{\w+\}/g, 'x');
        const answer = 'post' in methods ? await post({}) : await get(url);
        // A route that exists refuses these parameters, or answers.
        expect([path, JSON.stringify(answer.body)]).not.toEqual([
          path,
          expect.stringContaining('Cannot '),
        ]);
      }
      const { text, type } = await get('/docs');
      expect(type).toBe('text/html');
      for (const path of described) expect(text).toContain(`<code>${path}</code>`);
    });

    it.each(['/docs', '/records', '/nowhere', '/health/live'])(
      'lets no browser guess the type of %s',
      async (path) => {
        expect((await get(path)).get('x-content-type-options')).toBe('nosniff');
      },
    );

    it.each([
      ['no token', ''],
      ['another token', serviceToken.replace('a', 'b')],
      ['the start of the token', serviceToken.slice(0, -1)],
      ['the token and more', `${serviceToken}x`],
    ])('refuses to write with %s', async (_what, token) => {
      await expectRefusal(post(sampleRound(), token), 401, 'UNAUTHENTICATED');
    });

    it.each([
      ['malformed JSON', '{"raceId":'],
      ['over 4 MB', `"${'x'.repeat(4 * 2 ** 20)}"`],
    ])('checks the token before it reads %s', async (_what, body) => {
      await expectRefusal(post(body, 'no token'), 401, 'UNAUTHENTICATED');
    });

    it('reads no body of a route that takes none', async () => {
      const answer = request(app.server)
        .get('/records')
        .set('content-type', 'application/json')
        .send('{"malformed":');
      expect((await answer).status).toBe(200);
    });

    it('refuses a token in another scheme', async () => {
      const answer = post(sampleRound()).set('authorization', `Basic ${serviceToken}`);
      await expectRefusal(answer, 401, 'UNAUTHENTICATED');
    });

    it.each([
      ['malformed JSON', '{"raceId":', 400, 'MALFORMED_JSON'],
      ['an empty body', '', 400, 'INVALID_REQUEST'],
      ['a list', '[]', 400, 'INVALID_REQUEST'],
      ['an unknown field', { ...sampleRound(), cheat: true }, 400, 'INVALID_REQUEST'],
      ['no players', { ...sampleRound(), players: [] }, 400, 'INVALID_REQUEST'],
      [
        'an unknown text',
        { ...sampleRound(), passage: { list: 'klingon', version: 1, seed: 1 } },
        422,
        'PASSAGE_UNKNOWN',
      ],
      [
        'another version of the typing rules',
        { ...sampleRound(), typingVersion: 99 },
        422,
        'TYPING_VERSION_UNKNOWN',
      ],
      ['over 4 MB', `"${'x'.repeat(4 * 2 ** 20)}"`, 413, 'PAYLOAD_TOO_LARGE'],
    ])('refuses %s and writes nothing', async (_what, body, status, code) => {
      await expectRefusal(post(body), status, code);
    });

    it('names the wrong field', async () => {
      const message = await expectRefusal(
        post({ ...sampleRound(), round: 0 }),
        400,
        'INVALID_REQUEST',
      );
      expect(message).toContain('round');
    });

    it.each([
      ['/v1/matches/5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11/1', 404, 'NOT_FOUND'],
      ['/v1/matches/not-a-race/1', 400, 'INVALID_REQUEST'],
      ['/v1/matches/5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11/0', 400, 'INVALID_REQUEST'],
      ['/v1/matches/5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11/1.5', 400, 'INVALID_REQUEST'],
      ['/v1/matches/%E0%A4%A/1', 400, 'INVALID_REQUEST'],
      ['/api/players', 404, 'NOT_FOUND'],
      ['/v1/players/not-a-player', 400, 'INVALID_REQUEST'],
      ['/v1/players/5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11', 404, 'NOT_FOUND'],
      ['/v1/players/5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11/matches', 404, 'NOT_FOUND'],
      [
        '/v1/players/5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11/matches?limit=101',
        400,
        'INVALID_REQUEST',
      ],
      ['/records/5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11', 404, 'NOT_FOUND'],
      ['/v1/leaderboards/klingon', 400, 'INVALID_REQUEST'],
      ['/v1/leaderboards/quote.quotes?period=year', 400, 'INVALID_REQUEST'],
      ['/v1/leaderboards/quote.quotes?on=2026-02-30', 400, 'INVALID_REQUEST'],
      ['/v1/leaderboards/quote.quotes?cursor=x', 400, 'INVALID_REQUEST'],
      ['/v1/leaderboards/quote.quotes?limit=1&limit=2', 400, 'INVALID_REQUEST'],
      ['/v1/leaderboards/quote.quotes?unknown=1', 400, 'INVALID_REQUEST'],
    ])('answers GET %s with %i', async (path, status, code) => {
      await expectRefusal(get(path), status, code);
    });

    it('measures requests by route, never by path', async () => {
      const { text } = await get('/metrics');
      expect(text).toContain('route="/v1/matches/:raceId/:round"');
      expect(text).not.toContain('5b3c1d5e');
    });
  });
});
