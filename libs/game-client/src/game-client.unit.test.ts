import { type KeystrokeBatch, type ServerToClientEvents, type Tick } from '@typerush/contracts';
import { wordsOf } from '@typerush/typing';
import { type Connection, type ServerEvent } from './connection';
import { GameClient, type GameError } from './game-client';

const playerId = '0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3a';
const other = '0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3b';
const raceId = '5b3c1d5e-2a53-4c6f-8a39-0d5a2e7b9c11';

/** A connection whose other end is the test. */
class TestConnection implements Connection {
  readonly isConnected = true;
  readonly sent: KeystrokeBatch[] = [];
  private readonly listeners = new Map<ServerEvent, (payload: never) => void>();

  request(): Promise<never> {
    return Promise.reject(new Error('nothing is requested here'));
  }

  emit(_event: 'keystrokes', batch: KeystrokeBatch): void {
    this.sent.push(batch);
  }

  on<E extends ServerEvent>(event: E, listener: ServerToClientEvents[E]): void {
    this.listeners.set(event, listener as (payload: never) => void);
  }

  onConnect(): void {
    // It is connected from the beginning.
  }

  onDisconnect(): void {
    // It stays connected.
  }

  receive<E extends ServerEvent>(event: E, payload: Parameters<ServerToClientEvents[E]>[0]): void {
    this.listeners.get(event)?.(payload as never);
  }
}

/** A client in a race that runs, in which it is the second player. */
function racing() {
  const connection = new TestConnection();
  const client = new GameClient({
    connection,
    playerId,
    wordsOf: () => wordsOf('to be or not to be'),
    localNow: () => Date.now(),
  });
  const refused: GameError[] = [];
  client.on('refused', (error) => refused.push(error));
  const begin = (round: number) =>
    connection.receive('countdown', {
      ...{ sequence: round, raceId, round, rounds: 2, mode: 'wave-rush', advance: 'any' },
      passage: { list: 'quotes', version: 1, seed: 1 },
      startAt: 0,
      limitMs: 60_000,
      roster: [other, playerId],
    });
  begin(1);
  const typeWord = () => [...'to '].forEach((key) => client.type(key));
  const tick = (round: number, ...reports: Tick[1]) => connection.receive('tick', [round, reports]);
  return { connection, client, refused, begin, typeWord, tick };
}

const seqs = ({ sent }: TestConnection) => sent.map(({ seq }) => seq);
const refusal = (code: string) => ({ code, message: 'Refused.' });

describe('a client in a race', () => {
  beforeEach(() => jest.useFakeTimers({ now: 1_000 }));
  afterEach(() => jest.useRealTimers());

  it('takes the seq of its own entry in a tick as acknowledgement', () => {
    const { connection, client, typeWord, tick } = racing();
    typeWord();
    typeWord();
    expect(seqs(connection)).toEqual([1, 2]);
    tick(1, [0, 6, 9]);
    tick(2, [1, 6, 2]);
    tick(1, [1, 3, 1]);
    expect(client.typing?.isSettled).toBe(false);
    tick(1, [0, 6, 9], [1, 6, 2]);
    expect(client.typing?.isSettled).toBe(true);
  });

  it('sends again what no tick has acknowledged for five seconds, and nothing else', () => {
    const { connection, typeWord, tick } = racing();
    typeWord();
    typeWord();
    tick(1, [1, 3, 1]);
    jest.advanceTimersByTime(4_999);
    expect(seqs(connection)).toEqual([1, 2]);
    jest.advanceTimersByTime(1);
    expect(seqs(connection)).toEqual([1, 2, 2]);
    tick(1, [1, 6, 2]);
    jest.advanceTimersByTime(60_000);
    expect(seqs(connection)).toEqual([1, 2, 2]);
  });

  it('needs no acknowledgement after its finish', () => {
    const { connection, client, typeWord } = racing();
    typeWord();
    connection.receive('finish', { sequence: 2, raceId, round: 1, playerId: other, timeMs: 900 });
    expect(client.typing?.isSettled).toBe(false);
    connection.receive('finish', { sequence: 3, raceId, round: 1, playerId, timeMs: 900 });
    expect(client.typing?.isSettled).toBe(true);
  });

  it.each(['TOO_EARLY', 'AHEAD_OF_TIME', 'RATE_LIMITED', 'INTERNAL'])(
    'sends again soon after a refusal with %s',
    (code) => {
      const { connection, refused, typeWord } = racing();
      typeWord();
      connection.receive('keystrokes-refused', { error: refusal(code) });
      jest.advanceTimersByTime(300);
      expect(seqs(connection)).toEqual([1, 1]);
      expect(refused).toEqual([]);
    },
  );

  it('reports a refusal for good, and sends nothing more in this round', () => {
    const { connection, refused, typeWord } = racing();
    typeWord();
    const batch = { raceId, round: 1, seq: 1 };
    connection.receive('keystrokes-refused', { batch, error: refusal('TOO_FAST') });
    typeWord();
    jest.advanceTimersByTime(60_000);
    expect(seqs(connection)).toEqual([1]);
    expect(refused.map(({ code }) => code)).toEqual(['TOO_FAST']);
  });

  it('ignores the refusal of a batch that came after the end of the round before', () => {
    const { connection, refused, begin, typeWord } = racing();
    typeWord();
    begin(2);
    const batch = { raceId, round: 1, seq: 1 };
    connection.receive('keystrokes-refused', { batch, error: refusal('WRONG_ROUND') });
    typeWord();
    expect(connection.sent).toMatchObject([
      { round: 1, seq: 1 },
      { round: 2, seq: 1 },
    ]);
    expect(refused).toEqual([]);
  });
});
