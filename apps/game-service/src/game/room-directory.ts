import { type PlayerId, type RoomCode } from '@typerush/contracts';

/**
 * What all instances have to agree on: which codes are taken, where each player sits, which rooms are open. A live room is
 * in the memory of the instance that runs it. Each operation is atomic, so that a shared store can implement it.
 */
export interface RoomDirectory {
  /** Takes a code; false if another room has it. */
  claimCode(code: RoomCode): Promise<boolean>;
  /** Makes a room unknown: its code, its offer, and the claims of all its players. */
  releaseCode(code: RoomCode): Promise<void>;
  /** Seats a player in a room, or returns the code of the room where the player already sits. */
  claimPlayer(playerId: PlayerId, code: RoomCode): Promise<RoomCode | undefined>;
  /** Does nothing if the player sits in another room by now. */
  releasePlayer(playerId: PlayerId, code: RoomCode): Promise<void>;
  /** Lists a room for quick match with its number of players; undefined withdraws it. */
  offer(code: RoomCode, players: number | undefined): Promise<void>;
  /** The offered rooms, fullest first, among equals the longest offered. */
  openRooms(): Promise<RoomCode[]>;
}

/** For one instance. */
export class MemoryRoomDirectory implements RoomDirectory {
  private readonly codes = new Set<RoomCode>();
  private readonly seats = new Map<PlayerId, RoomCode>();
  private readonly offers = new Map<RoomCode, number>();

  async claimCode(code: RoomCode): Promise<boolean> {
    if (this.codes.has(code)) return false;
    this.codes.add(code);
    return true;
  }

  async releaseCode(code: RoomCode): Promise<void> {
    this.codes.delete(code);
    this.offers.delete(code);
    for (const [playerId, seat] of this.seats) if (seat === code) this.seats.delete(playerId);
  }

  async claimPlayer(playerId: PlayerId, code: RoomCode): Promise<RoomCode | undefined> {
    const seat = this.seats.get(playerId);
    if (seat === undefined) this.seats.set(playerId, code);
    return seat;
  }

  async releasePlayer(playerId: PlayerId, code: RoomCode): Promise<void> {
    if (this.seats.get(playerId) === code) this.seats.delete(playerId);
  }

  async offer(code: RoomCode, players: number | undefined): Promise<void> {
    if (players === undefined || !this.codes.has(code)) this.offers.delete(code);
    else this.offers.set(code, players);
  }

  async openRooms(): Promise<RoomCode[]> {
    return [...this.offers].sort(([, one], [, other]) => other - one).map(([code]) => code);
  }
}
