import {
  type KeystrokeBatch,
  type Finish,
  type KeystrokesRefused,
  type Resumed,
  type Round,
  type RoomSettings,
  type RoomSnapshot,
  type Seat,
  type ServerToClientEvents,
  type Tick,
} from '@typerush/contracts';
import { type TypingState, type Words } from '@typerush/typing';
import { type ClientEvent, type Connection, type ReplyOf, type RequestOf } from './connection';
import { RoundTyping } from './round-typing';
import { ServerClock } from './server-clock';

/** A refusal of the server. */
export class GameError extends Error {
  constructor(
    /** Stable, for programs. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'GameError';
  }
}

/** What a page keeps to take its seat again after it was reloaded. */
export interface SeatKey {
  readonly code: string;
  readonly resumeToken: string;
}

/** What the client itself reports, beside the events of the server. */
export interface ClientEvents {
  /** The connection is lost; what is typed is kept. */
  lost: () => void;
  /** The seat is taken again, and the rest is sent. */
  resumed: (room: RoomSnapshot) => void;
  /** The seat is gone. */
  'seat-lost': () => void;
  /** The server refuses keystrokes for good: nothing more of this round counts. */
  refused: (error: GameError) => void;
}

type Events = ServerToClientEvents & ClientEvents;
type Listener = (...values: never[]) => void;

export interface GameClientOptions {
  readonly connection: Connection;
  readonly playerId: string;
  /** The words of a passage: `wordsOf(passageOf(passage).text)`. */
  readonly wordsOf: (passage: Round['passage']) => Words;
  /** Milliseconds from any start, never set back. @default performance.now */
  readonly localNow?: () => number;
  /** A seat to take again. */
  readonly seat?: SeatKey;
}

/** Refusals after which the same keystrokes may be accepted. */
const passing = new Set(['TOO_EARLY', 'AHEAD_OF_TIME', 'RATE_LIMITED', 'INTERNAL']);
const RETRY_MS = 300;
/** Longer than any tick takes: what is not acknowledged then has not arrived. */
const UNACKNOWLEDGED_MS = 5_000;
const CLOCK_READINGS = 5;

/** One player's end of the game: a seat, the clock, and what the player types. */
export class GameClient {
  readonly clock: ServerClock;
  room: RoomSnapshot | undefined;
  /** The round that is announced or runs, if the player is in it. */
  typing: RoundTyping | undefined;

  private seat: SeatKey | undefined;
  private readonly listeners = new Map<string, Set<Listener>>();
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly connection: Connection;

  constructor(private readonly options: GameClientOptions) {
    const { connection } = options;
    this.connection = connection;
    this.clock = new ServerClock(options.localNow ?? (() => performance.now()));
    this.seat = options.seat;
    this.follow();
    connection.onConnect(() => void this.connected());
    connection.onDisconnect(() => this.disconnected());
    if (connection.isConnected) void this.connected();
  }

  /** To keep for a page that is loaded again. */
  get seatKey(): SeatKey | undefined {
    return this.seat;
  }

  /** @returns a function that ends it */
  on<E extends keyof Events>(event: E, listener: Events[E]): () => void {
    const all = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, all.add(listener));
    return () => void all.delete(listener);
  }

  createRoom(settings: RoomSettings): Promise<RoomSnapshot> {
    return this.sit(this.request('create-room', { settings }));
  }

  joinRoom(code: string): Promise<RoomSnapshot> {
    return this.sit(this.request('join-room', { code }));
  }

  quickMatch(): Promise<RoomSnapshot> {
    return this.sit(this.request('quick-match', {}));
  }

  async leaveRoom(): Promise<void> {
    await this.request('leave-room', {});
    this.dropSeat();
  }

  /** Everything else that a player can do. @throws GameError for a refusal, Error for a lost connection */
  async request<E extends ClientEvent>(
    event: E,
    payload: RequestOf<E>,
  ): Promise<Extract<ReplyOf<E>, { ok: true }>> {
    const reply = (await this.connection.request(event, payload)) as ReplyOf<ClientEvent>;
    if (!reply.ok) throw new GameError(reply.error.code, reply.error.message);
    return reply as Extract<ReplyOf<E>, { ok: true }>;
  }

  /** @param at when the key was pressed, on the local clock (of a KeyboardEvent: its timeStamp). @default now */
  type(key: string, at?: number): TypingState | undefined {
    return this.typing?.type(key, at === undefined ? this.clock.now() : this.clock.at(at));
  }

  /** Reads the server's clock a few times. */
  async readClock(readings = CLOCK_READINGS): Promise<void> {
    for (let count = 0; count < readings; count += 1) {
      await this.clock.read(async (t0) => (await this.request('clock', { t0 })).t1);
    }
  }

  /** Ends its timers; the connection is the caller's to close. */
  close(): void {
    this.stopRetry();
    this.typing?.close();
  }

  private follow(): void {
    const { connection } = this;
    const pass = <E extends keyof ServerToClientEvents>(
      event: E,
      first: (...values: Parameters<ServerToClientEvents[E]>) => void,
    ) => {
      const listener = (...values: Parameters<ServerToClientEvents[E]>) => {
        first(...values);
        this.emit(event, ...(values as Parameters<Events[E]>));
      };
      connection.on(event, listener as ServerToClientEvents[E]);
    };
    const nothing = () => undefined;
    pass('room', (room) => (this.room = room));
    pass('countdown', (round) => this.begin(round));
    pass('tick', (tick) => this.readTick(tick));
    pass('keystrokes-refused', (refused) => this.refuse(refused));
    pass('finish', (finish) => this.readFinish(finish));
    // What is still under way would be refused: it is too late.
    pass('round-result', () => this.endRound());
    pass('race-result', () => this.endRound());
    pass('record', nothing);
    pass('aborted', () => this.endRound());
    pass('resend', () => this.typing?.resend());
    pass('removed', () => this.dropSeat());
    pass('stopping', nothing);
  }

  private async sit(request: Promise<Seat>): Promise<RoomSnapshot> {
    const { room, resumeToken } = await request;
    this.seat = { code: room.code, resumeToken };
    this.room = room;
    return room;
  }

  private async connected(): Promise<void> {
    try {
      await Promise.all([this.readClock(), this.resume()]);
    } catch {
      // The connection is lost again; the next one tries again.
    }
  }

  private disconnected(): void {
    this.stopRetry();
    this.typing?.pause();
    this.emit('lost');
  }

  private async resume(): Promise<void> {
    if (!this.seat) return;
    try {
      const { room, typed } = await this.request('resume', this.seat);
      this.room = room;
      this.resumeRound(room, typed);
      this.emit('resumed', room);
    } catch (error) {
      if (!(error instanceof GameError) || passing.has(error.code)) throw error;
      this.dropSeat();
      this.emit('seat-lost');
    }
  }

  private resumeRound({ race }: RoomSnapshot, typed: Resumed['typed']): void {
    if (!race || !typed) return this.endRound();
    const { raceId, round } = this.typing?.round ?? {};
    if (raceId !== race.raceId || round !== race.round) this.begin(race);
    this.typing?.resume(typed);
  }

  private begin(round: Round): void {
    this.endRound();
    if (!round.roster.includes(this.options.playerId)) return;
    const words = this.options.wordsOf(round.passage);
    this.typing = new RoundTyping({ round, words, send: (batch) => this.send(batch) });
  }

  private send(batch: KeystrokeBatch): void {
    this.connection.emit('keystrokes', batch);
    this.retry ??= this.resendAfter(UNACKNOWLEDGED_MS);
  }

  private readTick([round, reports]: Tick): void {
    if (this.typing?.round.round !== round) return;
    const own = this.typing.round.roster.indexOf(this.options.playerId);
    const report = reports.find(([index]) => index === own);
    if (report) this.acknowledge(this.typing, report[2]);
  }

  /** Who has finished has typed everything: no tick may come after it. */
  private readFinish({ playerId, raceId, round }: Finish): void {
    const { typing } = this;
    if (playerId !== this.options.playerId || typing?.round.raceId !== raceId) return;
    if (typing.round.round === round) this.acknowledge(typing, Infinity);
  }

  private acknowledge(typing: RoundTyping, seq: number): void {
    typing.acknowledge(seq);
    this.stopRetry();
    if (!typing.isAcknowledged) this.retry = this.resendAfter(UNACKNOWLEDGED_MS);
  }

  private refuse({ batch, error: { code, message } }: KeystrokesRefused): void {
    const { typing } = this;
    if (!typing) return;
    const { raceId, round } = typing.round;
    // An earlier round was over when its last batch arrived.
    if (batch && (batch.raceId !== raceId || batch.round !== round)) return;
    this.stopRetry();
    if (passing.has(code)) {
      this.retry = this.resendAfter(RETRY_MS);
    } else {
      typing.close();
      this.emit('refused', new GameError(code, message));
    }
  }

  private resendAfter(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.retry = undefined;
      this.typing?.resend();
    }, ms);
  }

  private stopRetry(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
  }

  private endRound(): void {
    this.stopRetry();
    this.typing?.close();
    this.typing = undefined;
  }

  private dropSeat(): void {
    this.endRound();
    this.seat = undefined;
    this.room = undefined;
  }

  private emit<E extends keyof Events>(event: E, ...values: Parameters<Events[E]>): void {
    for (const listener of this.listeners.get(event) ?? []) {
      (listener as (...args: Parameters<Events[E]>) => void)(...values);
    }
  }
}
