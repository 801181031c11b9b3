import {
  type FinishedRound,
  type KeystrokeBatch,
  type KeystrokeReceipt,
  type PlayerId,
  type RecordState,
  type Resumed,
  type ResumeRequest,
  type RoomCode,
  type RoomSettings,
  type Seat,
  type Session,
} from '@typerush/contracts';
import { type Logger, ServiceError } from '@typerush/service-kit';
import { type Audience } from './audience';
import { type Chance } from './chance';
import { claimRoomCode } from './claim-room-code';
import { type Effect } from './effect';
import { alreadyInRoom, resumeRefused, Room } from './room';
import { publicRoom } from './public-room';
import { type RoomDirectory } from './room-directory';
import { RoomTimer } from './room-timer';
import { type Timing } from './timing';

export interface RoomsOptions {
  readonly directory: RoomDirectory;
  readonly audience: Audience;
  readonly timing: Timing;
  readonly chance: Chance;
  readonly logger: Logger;
  /** Milliseconds since 1970, never set back. */
  readonly now: () => number;
  /**
   * Takes the result of each round; it must not throw and not wait for another service. `report` sends the players what
   * becomes of it.
   */
  readonly onFinished: (round: FinishedRound, report: (state: RecordState) => void) => void;
}

/** A player's connection. */
export interface Caller {
  readonly connection: string;
  readonly session: Pick<Session, 'playerId' | 'name'>;
}

interface LiveRoom {
  readonly room: Room;
  readonly timer: RoomTimer;
  /** Players at the last offer to quick match. */
  offered?: number | undefined;
}

/** The rooms of this instance: gives them time, delivers what follows from each operation, and removes the empty ones. */
export class Rooms {
  private readonly live = new Map<RoomCode, LiveRoom>();
  private readonly seats = new Map<string, { live: LiveRoom; playerId: PlayerId }>();
  /** One quick match after the other, or two players at once would open a room each. */
  private matching: Promise<unknown> = Promise.resolve();
  private isStopping = false;

  constructor(private readonly options: RoomsOptions) {}

  get count(): number {
    return this.live.size;
  }

  get raceCount(): number {
    return [...this.live.values()].filter(({ room }) => room.isRacing).length;
  }

  isRacing(connection: string): boolean {
    return this.seats.get(connection)?.live.room.isRacing ?? false;
  }

  /** @throws ServiceError STOPPING, ALREADY_IN_ROOM */
  async create(caller: Caller, settings: RoomSettings): Promise<Seat> {
    this.refuseWhileStopping();
    const { timing, chance, directory } = this.options;
    const code = await claimRoomCode(directory, chance);
    const live: LiveRoom = {
      room: new Room({ code, settings, timing, chance }),
      timer: new RoomTimer(() => this.advance(live)),
    };
    this.live.set(code, live);
    try {
      return await this.seat(caller, live);
    } catch (error) {
      this.live.delete(code);
      await directory.releaseCode(code);
      throw error;
    }
  }

  /** @throws ServiceError STOPPING, ROOM_NOT_FOUND, and what Room.join refuses */
  async join(caller: Caller, code: RoomCode): Promise<Seat> {
    this.refuseWhileStopping();
    const live = this.live.get(code);
    if (!live) throw roomNotFound();
    return this.seat(caller, live);
  }

  /** A seat in the fullest open room, or in a new one. */
  quickMatch(caller: Caller): Promise<Seat> {
    const match = this.matching.then(() => this.match(caller));
    this.matching = match.catch(() => undefined);
    return match;
  }

  /** @throws ServiceError RESUME_REFUSED */
  resume({ session, connection }: Caller, { code, resumeToken }: ResumeRequest): Resumed {
    const live = this.live.get(code);
    if (!live) throw resumeRefused();
    const { playerId } = session;
    const { typed, effects } = live.room.resume(playerId, resumeToken, connection);
    this.seats.set(connection, { live, playerId });
    this.options.audience.attach(connection, code);
    this.publish(live, effects);
    return { room: live.room.snapshot(), typed };
  }

  /** Does something in the caller's room. @throws ServiceError NOT_IN_ROOM and what `operation` refuses */
  act(
    { connection }: Caller,
    operation: (room: Room, playerId: PlayerId, now: number) => Effect[],
  ): void {
    const { live, playerId } = this.seatOf(connection);
    this.publish(live, operation(live.room, playerId, this.options.now()));
  }

  /** As `act`, for what begins a race. @throws ServiceError STOPPING too */
  begin(caller: Caller, operation: Parameters<Rooms['act']>[1]): void {
    this.refuseWhileStopping();
    this.act(caller, operation);
  }

  /** @throws ServiceError NOT_IN_ROOM and what Room.type refuses */
  type({ connection }: Caller, batch: KeystrokeBatch, halfRoundTripMs: number): KeystrokeReceipt {
    const { live, playerId } = this.seatOf(connection);
    const receipt = { receivedAt: this.options.now(), halfRoundTripMs };
    const { seq, effects } = live.room.type(playerId, batch, receipt);
    if (effects.length > 0) this.publish(live, effects);
    return { seq };
  }

  /** The connection is lost. */
  disconnect(connection: string): void {
    const seat = this.seats.get(connection);
    if (!seat) return;
    this.seats.delete(connection);
    this.publish(seat.live, seat.live.room.disconnect(connection, this.options.now()));
  }

  /** From here on no room and no race begins. */
  stop(): void {
    this.isStopping = true;
  }

  /** Ends the races that are still running, without a result. */
  abortAll(): void {
    for (const live of [...this.live.values()]) this.publish(live, live.room.stop());
  }

  /** Forgets every room, so that no timer is left. */
  close(): void {
    for (const { timer } of this.live.values()) timer.stop();
    this.live.clear();
    this.seats.clear();
  }

  private async match(caller: Caller): Promise<Seat> {
    this.refuseWhileStopping();
    for (const code of await this.options.directory.openRooms()) {
      try {
        return await this.join(caller, code);
      } catch (error) {
        // Filled, locked or closed by now, or this player was removed from it; a seat elsewhere is final.
        if (!(error instanceof ServiceError) || error.code === 'ALREADY_IN_ROOM') throw error;
      }
    }
    return this.create(caller, publicRoom);
  }

  private async seat({ session, connection }: Caller, live: LiveRoom): Promise<Seat> {
    const { directory, audience } = this.options;
    const { playerId } = session;
    const { code } = live.room;
    if ((await directory.claimPlayer(playerId, code)) !== undefined) throw alreadyInRoom();
    try {
      // The room may have been closed meanwhile.
      if (this.live.get(code) !== live) throw roomNotFound();
      const { resumeToken, effects } = live.room.join(session, connection);
      this.seats.set(connection, { live, playerId });
      audience.attach(connection, code);
      this.publish(live, effects);
      const room = live.room.snapshot();
      // The connection may have been lost meanwhile, before there was a seat to keep.
      if (!audience.isConnected(connection)) this.disconnect(connection);
      return { room, resumeToken };
    } catch (error) {
      await directory.releasePlayer(playerId, code);
      throw error;
    }
  }

  private publish(live: LiveRoom, effects: readonly Effect[]): void {
    for (const effect of effects) this.deliver(live, effect);
    if (live.room.isEmpty) this.remove(live);
    else {
      this.schedule(live);
      this.offer(live);
    }
  }

  private deliver(live: LiveRoom, effect: Effect): void {
    const { audience, directory } = this.options;
    const { code } = live.room;
    switch (effect.type) {
      case 'broadcast':
        return audience.broadcast(code, effect);
      case 'send':
        return audience.send(effect.connection, effect);
      case 'detach':
        this.seats.delete(effect.connection);
        return audience.detach(effect.connection, code);
      case 'release':
        return this.inBackground(directory.releasePlayer(effect.playerId, code));
      case 'record':
        return this.handOver(live, effect.round);
    }
  }

  /** A result that cannot be handed over must not keep the players from seeing it. */
  private handOver(live: LiveRoom, finished: FinishedRound): void {
    const { onFinished, audience, logger } = this.options;
    const { code } = live.room;
    const { raceId, round } = finished;
    const report = (state: RecordState) => {
      // Another room may have the code by now.
      if (this.live.get(code) !== live) return;
      audience.broadcast(code, { event: 'record', payload: { raceId, round, state } });
    };
    try {
      onFinished(finished, report);
    } catch (err) {
      logger.error({ err, raceId, round }, 'result not handed over');
    }
  }

  private remove(live: LiveRoom): void {
    const { code } = live.room;
    live.timer.stop();
    if (this.live.get(code) !== live) return;
    this.live.delete(code);
    this.inBackground(this.options.directory.releaseCode(code));
  }

  private schedule(live: LiveRoom): void {
    const now = this.options.now();
    const dueAt = live.room.nextAt(now);
    if (dueAt !== undefined) live.timer.wakeAt(dueAt, now);
  }

  private advance(live: LiveRoom): void {
    try {
      this.publish(live, live.room.advance(this.options.now()));
    } catch (err) {
      this.options.logger.error({ err, code: live.room.code }, 'room failed');
      this.publish(live, live.room.stop());
    }
  }

  private offer(live: LiveRoom): void {
    const { isOpen, playerCount, code } = live.room;
    const offered = isOpen ? playerCount : undefined;
    if (offered === live.offered) return;
    live.offered = offered;
    this.inBackground(this.options.directory.offer(code, offered));
  }

  private inBackground(work: Promise<void>): void {
    work.catch((err: unknown) => this.options.logger.error({ err }, 'room directory failed'));
  }

  private seatOf(connection: string): { live: LiveRoom; playerId: PlayerId } {
    const seat = this.seats.get(connection);
    if (!seat) throw new ServiceError('NOT_IN_ROOM', 'This connection has no seat in a room.');
    return seat;
  }

  private refuseWhileStopping(): void {
    if (!this.isStopping) return;
    throw new ServiceError('STOPPING', 'This instance is stopping. Connect again.');
  }
}

function roomNotFound(): ServiceError {
  return new ServiceError('ROOM_NOT_FOUND', 'There is no room with this code.');
}
