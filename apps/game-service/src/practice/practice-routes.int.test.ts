import {
  errorBodySchema,
  type FinishedRound,
  finishedRoundSchema,
  type GuestSession,
  maxPracticeKeystrokes,
  type Practice,
  practiceRequestSchema,
  practiceResultRequestSchema,
  practiceResultSchema,
  practiceSchema,
  type PracticeSettings,
  type RecordState,
} from '@typerush/contracts';
import { passageOf, type PassageReference } from '@typerush/passages';
import { type Keystroke, statisticsOf, wordsOf } from '@typerush/typing';
import fc from 'fast-check';
import request from 'supertest';
import { hostilePayload, poison } from '../../test/hostile-payload';
import { durationOf, practiceScript } from '../../test/practice-script';
import { RunningApp, secret } from '../../test/running-app';
import { SignedTokens } from '../sessions/signed-tokens';
import { PracticeTickets } from './practice-tickets';

const options = { list: 'english-200', punctuation: false, numbers: false } as const;
const tenWords: PracticeSettings = { mode: 'words', words: 10, ...options };

describe('practice', () => {
  let running: RunningApp;
  let ada: GuestSession;
  let state: RecordState;
  const rounds: FinishedRound[] = [];
  const clock = { now: Date.parse('2026-11-27T10:00:00.000Z') };

  const start = async (changes: Parameters<typeof RunningApp.start>[0] = {}) => {
    running = await RunningApp.start({
      now: () => clock.now,
      practicesPerMinute: 100_000,
      results: {
        async keep(round) {
          if (state !== 'lost') rounds.push(round);
          return state;
        },
      },
      ...changes,
    });
    ada = await running.sessions.issue('Ada');
  };
  beforeEach(async () => {
    state = 'queued';
    rounds.length = 0;
    await start();
  });
  afterEach(async () => {
    expect(running.lines.filter(({ level }) => level === 'error')).toEqual([]);
    await running.stop();
  });

  const post = (path: string, body: unknown, token = ada.token) =>
    request(running.url)
      .post(path)
      .set('authorization', `Bearer ${token}`)
      .set('content-type', 'application/json')
      .send(typeof body === 'string' ? body : JSON.stringify(body));
  const begin = async (settings: PracticeSettings = tenWords): Promise<Practice> => {
    const answer = await post('/api/practice', { settings });
    expect(answer.status).toBe(201);
    return practiceSchema.parse(answer.body);
  };
  const end = (token: string, keystrokes: readonly Keystroke[], session = ada) =>
    post('/api/practice/results', { token, keystrokes }, session.token);
  const codeOf = async (answer: PromiseLike<request.Response>) => {
    const { status, body } = await answer;
    return [status, errorBodySchema.parse(body).error.code];
  };
  /** A text, and what Ada has just typed of it. */
  const typed = async (settings?: PracticeSettings) => {
    const practice = await begin(settings);
    const keystrokes = practiceScript(practice);
    clock.now += durationOf(keystrokes) + 2_000;
    return { practice, keystrokes };
  };

  it.each<PracticeSettings>([
    tenWords,
    { mode: 'time', seconds: 15, ...options },
    { mode: 'quote' },
    { mode: 'open', list: 'english-5k', punctuation: true, numbers: true },
  ])('of %j is recorded as it was typed', async (settings) => {
    const { practice, keystrokes } = await typed(settings);
    const answer = await end(practice.token, keystrokes);
    expect(answer.status).toBe(200);
    const { standing, recorded, raceId } = practiceResultSchema.parse(answer.body);
    const words = wordsOf(passageOf(practice.passage as PassageReference).text);
    const { rules } = practice;
    const limit = rules.limitMs === undefined ? {} : { limitMs: rules.limitMs };
    expect(standing).toMatchObject(statisticsOf(words, { advance: 'any', ...limit }, keystrokes));
    expect([standing.name, standing.playerId, recorded]).toEqual(['Ada', ada.playerId, true]);
    expect(rounds).toEqual([
      finishedRoundSchema.parse({
        ...rounds[0],
        ...{ raceId, passage: practice.passage, mode: settings.mode },
        players: [{ ...standing, keystrokes, arrivals: [] }],
      }),
    ]);
  });

  it('has another text each time', async () => {
    const practices = await Promise.all(Array.from({ length: 5 }, () => begin()));
    expect(new Set(practices.map(({ passage }) => passage.seed)).size).toBe(5);
  });

  it('gives one result for a text, however often it is sent', async () => {
    const { practice, keystrokes } = await typed();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => end(practice.token, keystrokes)),
    );
    clock.now += 60_000;
    answers.push(await end(practice.token, keystrokes));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(rounds).toHaveLength(1);
  });

  it('gives no second result for a text', async () => {
    const { practice, keystrokes } = await typed();
    const better = practiceScript(practice, { wpm: 200 });
    const statuses = (
      await Promise.all([end(practice.token, keystrokes), end(practice.token, better)])
    ).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
    expect(await codeOf(end(practice.token, better.slice(1)))).toEqual([409, 'PRACTICE_USED']);
    expect(rounds).toHaveLength(1);
  });

  it('gives no result for a text of another player', async () => {
    const { practice, keystrokes } = await typed();
    const eve = await running.sessions.issue('Eve');
    expect(await codeOf(end(practice.token, keystrokes, eve))).toEqual([403, 'PRACTICE_REFUSED']);
    expect(rounds).toEqual([]);
  });

  it('gives no result after two hours', async () => {
    const { practice, keystrokes } = await typed();
    // The session is as old, so Ada has another one under her id.
    clock.now += 2 * 3_600_000;
    const again = await sessionOf(ada.playerId);
    expect(await codeOf(end(practice.token, keystrokes, again))).toEqual([410, 'PRACTICE_EXPIRED']);
  });

  it('accepts no token that it did not make', async () => {
    const { practice, keystrokes } = await typed();
    const foreign = new PracticeTickets({ secret: 'x'.repeat(32), now: () => clock.now });
    const [head, body, signature] = practice.token.split('.');
    const tokens = [
      (
        await foreign.issue(ada.playerId, {
          mode: 'quote',
          passage: { list: 'quotes', version: 1, seed: 1 },
          rules: { advance: 'any' },
        })
      ).token,
      // A session is signed with the same secret, for another audience.
      ada.token,
      `${head}.${body}.`,
      `${head}.${Buffer.from(Buffer.from(body!, 'base64url').toString().replace('words', 'quote')).toString('base64url')}.${signature}`,
      'e30.e30.e30',
      '__proto__',
    ];
    for (const token of tokens) {
      expect([token, ...(await codeOf(end(token, keystrokes)))]).toEqual([
        token,
        403,
        'PRACTICE_REFUSED',
      ]);
    }
    // A ticket is not a session either.
    expect(await codeOf(post('/api/practice', { settings: tenWords }, practice.token))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
    expect(rounds).toEqual([]);
  });

  it('accepts no keystrokes that take longer than the text has been known', async () => {
    const practice = await begin();
    const keystrokes = practiceScript(practice);
    clock.now += 1_000;
    expect(await codeOf(end(practice.token, keystrokes))).toEqual([422, 'AHEAD_OF_TIME']);
    // It was not used up.
    clock.now += durationOf(keystrokes);
    expect((await end(practice.token, keystrokes)).status).toBe(200);
  });

  it('can be sent again if its result could not be kept', async () => {
    const { practice, keystrokes } = await typed();
    state = 'lost';
    const refused = await end(practice.token, keystrokes);
    expect(refused.status).toBe(503);
    running.lines.length = 0;
    state = 'queued';
    expect((await end(practice.token, keystrokes)).status).toBe(200);
    expect(rounds).toHaveLength(1);
  });

  it('reports that nothing is recorded without a record-service', async () => {
    const { practice, keystrokes } = await typed();
    state = 'off';
    expect((await end(practice.token, keystrokes)).body).toMatchObject({ recorded: false });
  });

  it.each(['/api/practice', '/api/practice/results'])(
    'needs a session before the body of %s is read',
    async (path) => {
      for (const body of ['{"malformed', `"${'x'.repeat(500_000)}"`]) {
        expect(await codeOf(post(path, body, 'e30.e30.AAAA'))).toEqual([401, 'UNAUTHENTICATED']);
      }
    },
  );

  it('limits the size of a request and the number of keystrokes', async () => {
    const { practice } = await typed();
    const many = Array.from({ length: maxPracticeKeystrokes + 1 }, () => [1, 'a']);
    const send = (keystrokes: unknown) =>
      codeOf(post('/api/practice/results', { token: practice.token, keystrokes }));
    expect(await send(many)).toEqual([400, 'INVALID_REQUEST']);
    expect(await send('x'.repeat(500_000))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(await send([])).toEqual([400, 'INVALID_REQUEST']);
    expect(await codeOf(post('/api/practice', 'x'.repeat(5_000)))).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
    ]);
  });

  it('survives what is made from its schemas to break it, and records none of it', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const sample = (arbitrary: fc.Arbitrary<unknown>) =>
      fc.sample(arbitrary, { numRuns: 200, seed });
    const { practice } = await typed();
    const attacks: [string, unknown][] = [
      ...sample(hostilePayload(practiceRequestSchema)).map(
        (body) => ['/api/practice', body] as [string, unknown],
      ),
      ...sample(hostilePayload(practiceResultRequestSchema)).map(
        (body) => ['/api/practice/results', body] as [string, unknown],
      ),
      ...sample(poison).map(
        (value) =>
          [
            '/api/practice/results',
            {
              token: practice.token,
              keystrokes: [
                [1, 'a'],
                [value, 'b'],
              ],
            },
          ] as [string, unknown],
      ),
      ...sample(poison).map(
        (value) =>
          ['/api/practice/results', { token: value, keystrokes: [[1, 'a']] }] as [string, unknown],
      ),
    ];
    for (const [path, body] of attacks) {
      const text = JSON.stringify(body) ?? 'undefined';
      const { status } = await post(path, text);
      expect({ seed, path, text, isHarmless: status < 500 }).toMatchObject({ isHarmless: true });
    }
    expect(rounds.filter(({ players }) => players.some(({ rank }) => rank !== null))).toEqual([]);
  });

  it('limits the keystrokes of a player before it validates them', async () => {
    const keystrokes = Array.from({ length: 15_000 }, () => null);
    const send = () => codeOf(post('/api/practice/results', { token: 'x', keystrokes }));
    expect(await send()).toEqual([400, 'INVALID_REQUEST']);
    expect(await send()).toEqual([429, 'RATE_LIMITED']);
  });

  it('limits texts and results by player', async () => {
    await running.stop();
    await start({ practicesPerMinute: 2 });
    const { practice, keystrokes } = await typed();
    await begin();
    expect(await codeOf(post('/api/practice', { settings: tenWords }))).toEqual([
      429,
      'RATE_LIMITED',
    ]);
    const bob = await running.sessions.issue('Bob');
    expect((await post('/api/practice', { settings: tenWords }, bob.token)).status).toBe(201);
    for (const status of [200, 200, 429]) {
      expect((await end(practice.token, keystrokes)).status).toBe(status);
    }
  });

  /** Another session of a player, as if it had been made now. */
  async function sessionOf(playerId: string): Promise<GuestSession> {
    const tokens = new SignedTokens({
      secret,
      audience: 'typerush-game',
      ttlMs: 60_000,
      now: () => clock.now,
    });
    return { playerId, name: 'Ada', ...(await tokens.sign(playerId, { name: 'Ada' })) };
  }
});
