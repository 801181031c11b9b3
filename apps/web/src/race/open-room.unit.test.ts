import { type PlayerSession } from '../session/session-store';
import { type OpenRoom, RoomKeeper } from './open-room';

jest.mock('./race-room', () => ({ RaceRoom: class {} }));

const ada: PlayerSession = { token: 't', playerId: 'a', name: 'Ada', expiresAt: '2099-01-01' };
const grace: PlayerSession = { ...ada, playerId: 'g', name: 'Grace' };

class TestRoom implements OpenRoom {
  seatCode: string | undefined;
  isOpen = true;
  private report: () => void = () => undefined;

  constructor(readonly session: PlayerSession) {}

  close(): void {
    this.isOpen = false;
  }

  onSeatLost(report: () => void): void {
    this.report = report;
  }

  loseSeat(): void {
    this.seatCode = undefined;
    this.report();
  }
}

const keeper = () => new RoomKeeper((session) => new TestRoom(session));

describe('the connection of the race page', () => {
  it('ends with the visit of a player without a seat', () => {
    const rooms = keeper();
    const room = rooms.show(ada);
    rooms.leave();
    expect(room.isOpen).toBe(false);
    expect(rooms.show(ada)).not.toBe(room);
  });

  it('stays while a player with a seat looks at other pages', () => {
    const rooms = keeper();
    const room = rooms.show(ada);
    room.seatCode = 'ACD347';
    rooms.leave();
    expect(room.isOpen).toBe(true);
    expect(rooms.show(ada)).toBe(room);
  });

  it('ends when the seat is lost, but not before the player has seen why', () => {
    const rooms = keeper();
    const room = rooms.show(ada);
    room.seatCode = 'ACD347';
    room.loseSeat();
    expect(room.isOpen).toBe(true);
    room.seatCode = 'ACD347';
    rooms.leave();
    room.loseSeat();
    expect(room.isOpen).toBe(false);
  });

  it('is not taken over by another session', () => {
    const rooms = keeper();
    const room = rooms.show(ada);
    room.seatCode = 'ACD347';
    rooms.leave();
    const next = rooms.show(grace);
    expect([room.isOpen, next.session]).toEqual([false, grace]);
  });
});
