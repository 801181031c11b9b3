import {
  type KeystrokeBatch,
  keystrokesRefusedSchema,
  socketFailureSchema,
} from '@typerush/contracts';
import fc from 'fast-check';
import { typeRace } from '../../test/game-fixtures';
import { RunningApp } from '../../test/running-app';
import { playersInRoom, quickTiming, startRace, TestPlayer, until } from '../../test/test-player';

const raceId = '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11';

/** A payload that fits the schema of each event. */
const valid: Record<string, object> = {
  clock: { t0: 1 },
  'create-room': { settings: typeRace },
  'join-room': { code: 'ACD347' },
  'quick-match': {},
  resume: { code: 'ACD347', resumeToken: '0'.repeat(32) },
  'leave-room': {},
  ready: { isReady: true },
  rematch: {},
  configure: { settings: typeRace },
  start: {},
  abort: {},
  kick: { playerId: raceId },
  'add-bot': { wpm: 60, errorRate: 0 },
  keystrokes: { raceId, round: 1, seq: 1, events: [[100, 'a']] },
};

const wrong: [string, (payload: object) => unknown][] = [
  ['null', () => null],
  ['a text', () => 'x'],
  ['a number', () => 7],
  ['a list', (payload) => [payload]],
  ['an unknown field', (payload) => ({ ...payload, admin: true })],
  [
    'a field __proto__',
    (payload) =>
      JSON.parse(
        `{"__proto__":{"admin":true},${JSON.stringify(payload).slice(1)}`.replace(',}', '}'),
      ),
  ],
  ['a field constructor', (payload) => ({ ...payload, constructor: { prototype: {} } })],
  ['bytes', () => Buffer.from('x')],
  ['bytes in a field', (payload) => ({ ...payload, bytes: Buffer.from('x') })],
];

describe('hostile events', () => {
  let running: RunningApp;
  beforeEach(async () => (running = await RunningApp.start({ timing: quickTiming })));
  afterEach(async () => {
    expect(running.lines.filter(({ level }) => level === 'error')).toEqual([]);
    await running.stop();
  });

  it.each(Object.keys(valid))('are refused by their schema: %s', async (event) => {
    const [ada] = (await playersInRoom(running, typeRace, 'Ada')) as [TestPlayer];
    const eve = await TestPlayer.connect(running, 'Eve');
    for (const [what, change] of wrong) {
      const reply = socketFailureSchema.parse(await eve.send(event, change(valid[event] ?? {})));
      expect([what, ['INVALID_REQUEST', 'RATE_LIMITED']]).toEqual([
        what,
        expect.arrayContaining([reply.error.code]),
      ]);
    }
    expect(await ada.outcome('clock', { t0: 1 })).toBe('ok');
    expect(ada.client.room?.players).toHaveLength(1);
  });

  it.each(
    Object.entries(valid).flatMap(([event, payload]) =>
      Object.keys(payload).map((field) => [event, field] as const),
    ),
  )('are refused with anything else than expected: %s, %s', async (event, field) => {
    const players = Array.from({ length: 4 }, () => TestPlayer.connect(running, 'Eve'));
    const values = fc.sample(fc.jsonValue({ maxDepth: 2 }), { numRuns: 40, seed: 11 });
    for (const [index, value] of values.entries()) {
      const eve = await players[index % players.length]!;
      const accepted = await eve.outcome(event, { ...valid[event], [field]: value });
      // A random boolean or number may fit; then it is one of the refusals of the game, or an answer.
      expect(accepted).not.toBe('INTERNAL');
    }
    expect(await (await TestPlayer.connect(running, 'Ada')).outcome('clock', { t0: 1 })).toBe('ok');
  });

  it.each([
    'leave-room',
    'ready',
    'rematch',
    'configure',
    'start',
    'abort',
    'kick',
    'add-bot',
    'keystrokes',
  ])('are refused without a seat: %s', async (event) => {
    const eve = await TestPlayer.connect(running, 'Eve');
    expect(await eve.outcome(event, valid[event])).toBe('NOT_IN_ROOM');
  });

  it.each(['configure', 'start', 'abort', 'kick', 'add-bot'])(
    'are refused if only the host may: %s',
    async (event) => {
      const [ada, eve] = (await playersInRoom(running, typeRace, 'Ada', 'Eve')) as [
        TestPlayer,
        TestPlayer,
      ];
      const payload = event === 'kick' ? { playerId: ada.playerId } : valid[event];
      expect(await eve.outcome(event, payload)).toBe('NOT_HOST');
      expect(ada.client.room?.hostId).toBe(ada.playerId);
    },
  );

  it('do not take a seat over: with a token of another player, a wrong one, or one that was used and left', async () => {
    const [ada, eve] = (await playersInRoom(running, typeRace, 'Ada', 'Eve')) as [
      TestPlayer,
      TestPlayer,
    ];
    const seat = ada.client.seatKey!;
    expect(await eve.outcome('resume', { ...seat })).toBe('RESUME_REFUSED');
    expect(await ada.outcome('resume', { ...seat, resumeToken: '0'.repeat(32) })).toBe(
      'RESUME_REFUSED',
    );
    expect(await ada.outcome('resume', { ...seat, code: 'FFFFFF' })).toBe('RESUME_REFUSED');
    await ada.client.leaveRoom();
    expect(await ada.outcome('resume', { ...seat })).toBe('RESUME_REFUSED');
  });

  it('do not act through a connection from which another one has taken the seat', async () => {
    const [ada] = (await playersInRoom(running, typeRace, 'Ada')) as [TestPlayer];
    const removed = ada.next('removed');
    const twin = await TestPlayer.withToken(running, { ...ada, seat: ada.client.seatKey });
    expect(await removed).toEqual({ reason: 'resumed-elsewhere' });
    expect(await ada.outcome('ready', { isReady: true })).toBe('NOT_IN_ROOM');
    expect(await twin.outcome('ready', { isReady: true })).toBe('ok');
  });

  it('are answered without an acknowledgement if they are keystrokes, with the batch if it can be read', async () => {
    const eve = await TestPlayer.connect(running, 'Eve');
    const batch = valid.keystrokes as KeystrokeBatch;
    for (const [payload, expected] of [
      [batch, { batch: { raceId, round: 1, seq: 1 }, error: { code: 'NOT_IN_ROOM' } }],
      [{ ...batch, seq: -1 }, { error: { code: 'INVALID_REQUEST' } }],
    ] as const) {
      const refused = eve.next('keystrokes-refused');
      eve.socket.emit('keystrokes', payload);
      const answer = await refused;
      expect(keystrokesRefusedSchema.parse(answer)).toEqual(answer);
      expect(answer).toMatchObject(expected);
      expect('batch' in answer).toBe('batch' in expected);
    }
  });

  it('do not speak for another room’s race', async () => {
    const one = (await playersInRoom(running, typeRace, 'Ada', 'Grace')) as [
      TestPlayer,
      TestPlayer,
    ];
    const other = (await playersInRoom(running, typeRace, 'Eve', 'Mallory')) as [
      TestPlayer,
      TestPlayer,
    ];
    await Promise.all([startRace(one), startRace(other)]);
    const { round } = one[0].client.typing!;
    await until(() => one[0].client.clock.now() > round.startAt + 200);
    const batch = { raceId: round.raceId, round: 1, seq: 1, events: [[100, 'a']] };
    expect(await other[0].outcome('keystrokes', batch)).toBe('WRONG_ROUND');
    expect(await one[0].outcome('keystrokes', batch)).toBe('ok');
  });

  it('do not flood: each event has a rate of its own', async () => {
    const eve = await TestPlayer.connect(running, 'Eve');
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () => eve.outcome('join-room', { code: 'ACD347' })),
    );
    expect(outcomes.filter((code) => code === 'ROOM_NOT_FOUND').length).toBeLessThan(12);
    expect(outcomes).toContain('RATE_LIMITED');
    expect(await eve.outcome('quick-match', {})).toBe('ok');
  });

  it('leave no room behind when the connection ends at once', async () => {
    for (let count = 0; count < 10; count += 1) {
      const eve = await TestPlayer.connect(running, 'Eve');
      eve.socket.emit('create-room', { settings: typeRace }, () => undefined);
      eve.socket.disconnect();
    }
    const metrics = async () => (await fetch(`${running.url}/metrics`)).text();
    await until(
      () => running.lines.filter(({ msg }) => msg === 'socket disconnected').length >= 10,
    );
    await new Promise((resolve) => setTimeout(resolve, quickTiming.graceMs + 200));
    expect(await metrics()).toContain('game_rooms{racing="false",service="game-service"} 0');
  });
});
