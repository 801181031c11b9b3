import { type Round } from '@typerush/contracts';
import {
  GameClient,
  type RoundTyping,
  type SeatKey,
  socketConnection,
} from '@typerush/game-client';
import { passageOf, type PassageReference } from '@typerush/passages';
import { type Keystroke, type TypingState, type Words, wordsOf } from '@typerush/typing';
import { io, type Socket } from 'socket.io-client';
import { createStore } from 'zustand/vanilla';
import { announce } from '../app/announcer';
import { type Failure, failureOf } from '../app/failure';
import { stored } from '../app/stored';
import { endsSession, type PlayerSession, sessionExpired } from '../session/session-store';
import { LaneMotion } from './lane-motion';
import { firstView, type RaceEvent, type RaceView, raceView } from './race-view';

function isSeat(value: unknown): value is SeatKey {
  const { code, resumeToken } = (value ?? {}) as Partial<SeatKey>;
  return typeof code === 'string' && typeof resumeToken === 'string';
}

/** Of this tab: another one has another seat. */
const keptSeat = stored(() => sessionStorage, 'typerush.seat', isSeat);

const textOf = (passage: Round['passage']) => wordsOf(passageOf(passage as PassageReference).text);

/** What this player typed in one round, for its graph. */
export interface OwnRound {
  readonly round: number;
  readonly words: Words;
  readonly rules: TypingState['rules'];
  readonly keystrokes: readonly Keystroke[];
}

/** A player's end of a room: the view, the lanes, and the typing. */
export class RaceRoom {
  readonly store = createStore<RaceView>(() => firstView);
  lanes: readonly LaneMotion[] = [];
  ownRounds: OwnRound[] = [];
  readonly client: GameClient;
  private readonly socket: Socket;
  private typing: RoundTyping | undefined;
  private roundWords: Words = [];
  private seatLost: () => void = () => undefined;

  constructor(readonly session: PlayerSession) {
    const { token, playerId } = session;
    this.socket = io({ auth: { token }, transports: ['websocket'], reconnectionDelayMax: 2_000 });
    const seat = keptSeat.read();
    this.client = new GameClient({
      connection: socketConnection(this.socket),
      playerId,
      wordsOf: textOf,
      ...(seat ? { seat } : {}),
    });
    this.follow();
  }

  /** The code of the seat that is kept, also before the server has confirmed it. */
  get seatCode(): string | undefined {
    return this.client.seatKey?.code;
  }

  /** The text of the round, also for those who only watch it. */
  get words(): Words {
    return this.roundWords;
  }

  /** The typing of the round; undefined for someone who only watches it. */
  get ownTyping(): RoundTyping | undefined {
    return this.typing;
  }

  quickMatch = () => this.sit(() => this.client.quickMatch());
  create = (...settings: Parameters<GameClient['createRoom']>) =>
    this.sit(() => this.client.createRoom(...settings));
  join = (code: string) => this.sit(() => this.client.joinRoom(code));

  /** @returns why it was refused */
  async request(...request: Parameters<GameClient['request']>): Promise<Failure | undefined> {
    try {
      await this.client.request(...request);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  async leave(): Promise<void> {
    keptSeat.write(undefined);
    await this.client.leaveRoom().catch(() => undefined);
    this.dispatch({ type: 'left' });
  }

  /** Back to the lobby after a result. */
  showLobby(): void {
    this.dispatch({ type: 'lobby' });
  }

  /** Calls back when the server has given the seat away. */
  onSeatLost(listener: () => void): void {
    this.seatLost = listener;
  }

  close(): void {
    this.client.close();
    this.socket.close();
  }

  private async sit(
    take: () => Promise<NonNullable<RaceView['room']>>,
  ): Promise<Failure | undefined> {
    try {
      if (!this.socket.connected) await this.connected();
      const room = await take();
      keptSeat.write(this.client.seatKey);
      this.dispatch({ type: 'seated', room });
      if (this.client.room?.race) this.begin(this.client.room.race);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  private connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no connection')), 5_000);
      this.socket.once('connect', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private follow(): void {
    const { client, socket } = this;
    socket.on('connect', () => this.dispatch({ type: 'connected' }));
    socket.on('connect_error', (error) => this.refuseConnection(error));
    // The server ended the connection to restart: Socket.IO does not connect again by itself.
    socket.on('disconnect', (reason) => reason === 'io server disconnect' && socket.connect());
    client.on('lost', () => this.dispatch({ type: 'lost' }));
    client.on('resumed', (room) => {
      if (room.race) this.begin(room.race);
      for (const [index, position] of room.race?.positions ?? []) this.move(index, position);
      this.dispatch({ type: 'resumed', room });
      announce('Connected. You have your seat again.');
    });
    client.on('seat-lost', () => this.lose({ type: 'seat-lost' }));
    client.on('removed', (removed) => this.lose({ type: 'removed', removed }));
    client.on('refused', (error) => this.dispatch({ type: 'refused', failure: failureOf(error) }));
    client.on('stopping', () => this.dispatch({ type: 'stopping' }));
    client.on('room', (room) => this.dispatch({ type: 'room', room }));
    client.on('countdown', (round) => {
      this.begin(round);
      this.dispatch({ type: 'countdown', round });
    });
    client.on('tick', ([, positions]) => {
      for (const [index, position] of positions) this.move(index, position);
    });
    client.on('finish', (finish) => this.dispatch({ type: 'finish', finish }));
    client.on('round-result', (result) => {
      this.keepRound();
      this.dispatch({ type: 'round-result', result });
    });
    client.on('race-result', (result) => this.dispatch({ type: 'race-result', result }));
    client.on('record', (record) => this.dispatch({ type: 'record', record }));
    client.on('aborted', (aborted) => this.dispatch({ type: 'aborted', aborted }));
  }

  private begin(round: Round): void {
    if (round.round === 1) this.ownRounds = [];
    this.typing = this.client.typing;
    this.roundWords = this.typing?.state.words ?? textOf(round.passage);
    this.lanes = round.roster.map(() => new LaneMotion());
  }

  private move(index: number, position: number): void {
    this.lanes[index]?.add(position, performance.now());
  }

  private keepRound(): void {
    const { typing } = this;
    if (!typing) return;
    const { words, rules } = typing.state;
    const { round } = typing.round;
    this.ownRounds = [...this.ownRounds, { round, words, rules, keystrokes: typing.typed }];
    this.typing = undefined;
  }

  private lose(event: RaceEvent): void {
    keptSeat.write(undefined);
    this.typing = undefined;
    this.dispatch(event);
    this.seatLost();
  }

  private refuseConnection(error: Error & { data?: unknown }): void {
    const { code } = (error.data ?? {}) as Partial<Failure>;
    if (code !== undefined && endsSession(code)) {
      this.close();
      // The seat belongs to the guest whose session has ended.
      keptSeat.write(undefined);
      sessionExpired();
    } else this.dispatch({ type: 'lost' });
  }

  private dispatch(event: RaceEvent): void {
    this.store.setState((view) => raceView(view, event), true);
  }
}
