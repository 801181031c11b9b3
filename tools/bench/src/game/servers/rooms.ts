import { randomUUID } from 'node:crypto';
import { ReferenceRoom, type RaceStart, tickMs } from '../reference-room';

/** Milliseconds since 1970, never set back, as in game-service. */
export const now = () => performance.timeOrigin + performance.now();

/** What connections are called by: `?room=<number>&index=<0 to 3>`. */
export function seatOf(url: string | undefined): { room: number; index: number } {
  const { searchParams } = new URL(url ?? '/', 'http://localhost');
  return { room: Number(searchParams.get('room')), index: Number(searchParams.get('index')) };
}

/** Index, position, and what is acknowledged if ticks do that. */
export type Moved = readonly [number, number, number?];

/** The rooms of a server, with a tick for each every 100 ms from its start on. */
export class ReferenceRooms {
  private readonly rooms = new Map<number, ReferenceRoom>();

  constructor(
    private readonly onTick: (room: number, moved: readonly Moved[]) => void,
    private readonly movedOf: (room: ReferenceRoom) => readonly Moved[] = (room) => room.moved(),
  ) {}

  of(number: number): ReferenceRoom {
    const room = this.rooms.get(number) ?? new ReferenceRoom(number);
    this.rooms.set(number, room);
    return room;
  }

  begin(number: number): RaceStart {
    const room = this.of(number);
    const start = room.begin(randomUUID(), now());
    const tick = () => {
      setTimeout(tick, tickMs);
      const moved = this.movedOf(room);
      if (moved.length > 0) this.onTick(number, moved);
    };
    setTimeout(tick, start.startAt - now());
    return start;
  }
}
