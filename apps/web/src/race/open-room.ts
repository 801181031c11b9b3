import { type PlayerSession, useSession } from '../session/session-store';
import { RaceRoom } from './race-room';

/** What is needed of a room to keep it open. */
export type OpenRoom = Pick<RaceRoom, 'session' | 'seatCode' | 'close' | 'onSeatLost'>;

/**
 * One connection for all visits of the race page: a player with a seat may look at other pages, however long, and keeps it.
 * Without a seat the connection ends with the visit.
 */
export class RoomKeeper<R extends OpenRoom> {
  private room: R | undefined;
  private isShown = false;

  constructor(private readonly connect: (session: PlayerSession) => R) {}

  /** The page is shown to this player. */
  show(session: PlayerSession): R {
    if (this.room && this.room.session !== session) this.close();
    this.isShown = true;
    if (this.room) return this.room;
    const room = this.connect(session);
    room.onSeatLost(() => {
      if (this.room === room) this.closeUnused();
    });
    return (this.room = room);
  }

  /** Another page is shown. */
  leave(): void {
    this.isShown = false;
    this.closeUnused();
  }

  /** The session is over, and the seat with it. */
  close(): void {
    this.room?.close();
    this.room = undefined;
  }

  private closeUnused(): void {
    if (!this.isShown && this.room?.seatCode === undefined) this.close();
  }
}

export const openRoom = new RoomKeeper((session) => new RaceRoom(session));

// Also while another page is shown.
useSession.subscribe(({ session }, before) => {
  if (session !== before.session) openRoom.close();
});
