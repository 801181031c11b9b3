import { clockRequestSchema } from './clock';
import { errorBodySchema } from './error-body';
import { gameSettingsSchema } from './game-settings';
import { guestSessionSchema, sessionRequestSchema } from './guest-session';
import { keystrokeBatchSchema, keystrokeReceiptSchema } from './keystroke-batch';
import {
  abortedSchema,
  countdownSchema,
  finishSchema,
  raceResultSchema,
  resendSchema,
  roundResultSchema,
} from './race';
import { removedSchema, roomSnapshotSchema } from './room';
import { roomCodeAlphabet, roomCodeSchema } from './room-code';
import {
  addBotRequestSchema,
  createRoomRequestSchema,
  joinRoomRequestSchema,
  kickRequestSchema,
  readyRequestSchema,
  resumedSchema,
  resumeRequestSchema,
  seatSchema,
} from './room-requests';
import { socketHandshakeSchema } from './socket-handshake';
import { socketFailureSchema } from './socket-reply';

const session = {
  token: 'header.payload.signature',
  playerId: '0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3a',
  name: 'Ada',
  expiresAt: '2026-11-22T05:00:00.000Z',
};
const error = { code: 'NOT_FOUND', message: 'There is no such race.' };

const { playerId } = session;
const raceId = '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11';
const key = { raceId, round: 1 };
const typeRace = {
  mode: 'type-race',
  list: 'quotes',
  words: 25,
  punctuation: false,
  numbers: true,
};
const waveRush = {
  mode: 'wave-rush',
  list: 'english-5k',
  waves: 15,
  waveSeconds: 5,
  pauseSeconds: 3,
  punctuation: true,
  numbers: false,
};
const settings = { seats: 4, isPublic: true, game: typeRace };
const round = {
  ...key,
  rounds: 1,
  mode: 'type-race',
  passage: { list: 'english-1k', version: 1, seed: 7, words: 25 },
  advance: 'correct',
  startAt: 1_795_280_400_000.5,
  limitMs: 60_000,
  roster: [playerId],
};
const place = { playerId, name: 'Ada', isBot: false, rank: null, unranked: ['left'] };
const standing = {
  ...place,
  timeMs: null,
  wpm: 60_000,
  raw: 60_000,
  accuracy: 100,
  consistency: 0,
  characters: { correct: 1, incorrect: 0, extra: 0, missed: 0 },
};
const room = {
  sequence: 3,
  code: 'ACD347',
  settings,
  hostId: playerId,
  players: [{ playerId, name: 'Ada', isBot: false, isReady: true, isConnected: false }],
  race: { ...round, positions: [[0, 12]], finished: [{ playerId, timeMs: 1 }] },
};
const resumeToken = '0123456789abcdef0123456789abcdef';

/** One row a schema: what it accepts. */
const accepted = [
  { name: 'a session request', schema: sessionRequestSchema, value: { name: 'Ada' } },
  { name: 'a guest session', schema: guestSessionSchema, value: session },
  { name: 'an error body', schema: errorBodySchema, value: { error } },
  { name: 'a failed acknowledgement', schema: socketFailureSchema, value: { ok: false, error } },
  { name: 'a socket handshake', schema: socketHandshakeSchema, value: { token: 'abc' } },
  { name: 'a clock request', schema: clockRequestSchema, value: { t0: 12.5 } },
  { name: 'a text to race', schema: gameSettingsSchema, value: typeRace },
  { name: 'waves', schema: gameSettingsSchema, value: waveRush },
  { name: 'a request for a room', schema: createRoomRequestSchema, value: { settings } },
  { name: 'a request to join', schema: joinRoomRequestSchema, value: { code: 'ACD347' } },
  { name: 'a word of readiness', schema: readyRequestSchema, value: { isReady: true } },
  { name: 'a request to kick', schema: kickRequestSchema, value: { playerId } },
  { name: 'a request for a bot', schema: addBotRequestSchema, value: { wpm: 60, errorRate: 0.05 } },
  {
    name: 'a request to resume',
    schema: resumeRequestSchema,
    value: { code: 'ACD347', resumeToken },
  },
  {
    name: 'a batch of keystrokes',
    schema: keystrokeBatchSchema,
    value: {
      ...key,
      seq: 1,
      events: [
        [120, 'a'],
        [0, '😀'],
        [80, '\b'],
        [80, '\u0017'],
      ],
    },
  },
  { name: 'a receipt', schema: keystrokeReceiptSchema, value: { seq: 0 } },
  { name: 'a seat', schema: seatSchema, value: { room, resumeToken } },
  {
    name: 'a seat that is taken again',
    schema: resumedSchema,
    value: { room, typed: { ...key, seq: 2, keystrokes: [[120, 'a']] } },
  },
  { name: 'a room', schema: roomSnapshotSchema, value: room },
  { name: 'a countdown', schema: countdownSchema, value: { ...round, sequence: 4 } },
  { name: 'a finish', schema: finishSchema, value: { ...key, sequence: 5, playerId, timeMs: 900 } },
  {
    name: 'a result of a round',
    schema: roundResultSchema,
    value: { ...key, sequence: 6, standings: [standing] },
  },
  {
    name: 'a result of a race',
    schema: raceResultSchema,
    value: { raceId, sequence: 7, mode: 'type-race', standings: [{ ...place, wpm: 12.5 }] },
  },
  { name: 'an abort', schema: abortedSchema, value: { raceId, sequence: 8, reason: 'host' } },
  { name: 'a request to send again', schema: resendSchema, value: { ...key, seq: 3 } },
  { name: 'a removal', schema: removedSchema, value: { reason: 'kicked' } },
];

describe.each(accepted)('$name', ({ schema, value }) => {
  it('is accepted as it is', () => expect(schema.parse(value)).toEqual(value));

  it('is rejected with an unknown field', () => {
    expect(schema.safeParse({ ...value, extra: 1 }).success).toBe(false);
  });

  it.each(Object.keys(value))('is refused without its field %s', (field) => {
    expect(schema.safeParse({ ...value, [field]: undefined }).success).toBe(false);
  });

  it.each([null, undefined, 'text', 7, []])('is refused when it is %j', (other) => {
    expect(schema.safeParse(other).success).toBe(false);
  });
});

describe('a clock request', () => {
  it.each([NaN, Infinity, -1, '5'])('is refused with the time %p', (t0) => {
    expect(clockRequestSchema.safeParse({ t0 }).success).toBe(false);
  });
});

describe('an error body', () => {
  it('may name the request and give details', () => {
    const body = { error: { ...error, requestId: 'r-1', details: { issues: [] } } };
    expect(errorBodySchema.parse(body)).toEqual(body);
  });
});

describe('a batch of keystrokes', () => {
  const batch = (...events: unknown[]) =>
    keystrokeBatchSchema.safeParse({ ...key, seq: 1, events }).success;

  it.each([-1, 0.5, NaN, Infinity, 3_600_001, '5', null])(
    'is refused with a keystroke after %p ms',
    (dtMs) => expect(batch([dtMs, 'a'])).toBe(false),
  );

  it.each(['', 'ab', '\n', '\u0000', '\ud800', 'Backspace', 7, null, ['a']])(
    'is refused with the key %j',
    (typed) => expect(batch([0, typed])).toBe(false),
  );

  it('is refused with no keystroke, with more than 64, and with more than time and key', () => {
    const many = (count: number) => Array.from({ length: count }, () => [5, 'a']);
    expect(batch()).toBe(false);
    expect(batch(...many(64))).toBe(true);
    expect(batch(...many(65))).toBe(false);
    expect(batch([5, 'a', 1])).toBe(false);
  });

  it.each([0, -1, 1.5, '1', NaN])('is refused with the number %p', (seq) => {
    expect(keystrokeBatchSchema.safeParse({ ...key, seq, events: [[5, 'a']] }).success).toBe(false);
  });
});

describe('the settings of a game', () => {
  it.each([
    { ...typeRace, words: 9 },
    { ...typeRace, words: 101 },
    { ...typeRace, waves: 1 },
    { ...typeRace, list: '__proto__' },
    { ...waveRush, list: 'quotes' },
    { ...waveRush, waves: 0 },
    { ...waveRush, waves: 16 },
    { ...waveRush, waveSeconds: 4 },
    { ...waveRush, waveSeconds: 16 },
    { ...waveRush, pauseSeconds: 2 },
    { ...waveRush, pauseSeconds: 6 },
    { ...waveRush, mode: 'sprint' },
  ])('are refused as %j', (value) => {
    expect(gameSettingsSchema.safeParse(value).success).toBe(false);
  });
});

describe('a room code', () => {
  it('may be entered in lower case, with spaces around it', () => {
    expect(roomCodeSchema.parse(' acd347 ')).toBe('ACD347');
  });

  it('has no look-alikes', () => {
    for (const character of '0O1IL2Z5S8B') {
      expect(roomCodeAlphabet).not.toContain(character);
      expect(roomCodeSchema.safeParse(`ACD34${character}`).success).toBe(false);
    }
  });
});
