import { type RoomSnapshot, type Round } from '@typerush/contracts';
import { firstView, type RaceEvent, raceView } from './race-view';

const round = {
  raceId: 'r1',
  round: 1,
  rounds: 2,
  mode: 'wave-rush',
  roster: ['a'],
} as unknown as Round;
const room = { code: 'ACDEFG', players: [], race: null } as unknown as RoomSnapshot;
const after = (...events: RaceEvent[]) => events.reduce(raceView, firstView);
const finish = { type: 'finish', finish: { playerId: 'a', timeMs: 9 } } as RaceEvent;
const result = {
  type: 'round-result',
  result: { round: 1, standings: [] },
} as unknown as RaceEvent;

describe('raceView', () => {
  it('collects the finishes of a round, and forgets them with the next one', () => {
    const first = after({ type: 'seated', room }, { type: 'countdown', round }, finish);
    expect(first.finished).toEqual({ a: 9 });
    expect(raceView(first, { type: 'countdown', round: { ...round, round: 2 } }).finished).toEqual(
      {},
    );
  });

  it('keeps the results of a race until another one begins', () => {
    const next = { ...round, round: 2 };
    const second = after({ type: 'countdown', round }, result, { type: 'countdown', round: next });
    expect(second.roundResults).toHaveLength(1);
    const other = raceView(second, { type: 'countdown', round: { ...round, raceId: 'r2' } });
    expect(other.roundResults).toEqual([]);
  });

  it('shows what is typed while the connection is lost, and says so', () => {
    const lost = after({ type: 'seated', room }, { type: 'countdown', round }, { type: 'lost' });
    expect(lost).toMatchObject({ connection: 'lost', round, isRoundOver: false });
  });

  it('takes the race of a snapshot after a reconnect', () => {
    const race = { ...round, round: 2, positions: [], finished: [{ playerId: 'a', timeMs: 7 }] };
    const resumed = after({ type: 'lost' }, { type: 'resumed', room: { ...room, race } });
    expect(resumed).toMatchObject({
      connection: 'connected',
      finished: { a: 7 },
      isRoundOver: false,
    });
  });

  it('returns to the lobby if the race ended meanwhile', () => {
    const resumed = after({ type: 'countdown', round }, { type: 'resumed', room });
    expect(resumed.round).toBeUndefined();
  });

  it.each(['kicked', 'disconnected', 'resumed-elsewhere'] as const)(
    'explains a removal: %s',
    (reason) => {
      const view = after({ type: 'seated', room }, { type: 'removed', removed: { reason } });
      expect(view.room).toBeUndefined();
      expect(view.failure?.message).toMatch(/\.$/);
    },
  );

  it('has no result after an abort', () => {
    const aborted = { sequence: 1, raceId: 'r1', reason: 'host' } as const;
    const view = after({ type: 'countdown', round }, result, { type: 'aborted', aborted });
    expect(view).toMatchObject({ roundResults: [], round: undefined });
    expect(view.notice).toEqual({ type: 'aborted', reason: 'host' });
  });

  it('notices that another player has become the host, also while the connection was lost', () => {
    const hosted = { ...room, hostId: 'a' };
    const next = { ...room, hostId: 'b' };
    for (const type of ['room', 'resumed'] as const) {
      const view = after({ type: 'seated', room: hosted }, { type, room: next });
      expect(view.notice).toEqual({ type: 'host', playerId: 'b' });
    }
    expect(after({ type: 'seated', room: hosted }, { type: 'room', room: hosted }).notice).toBe(
      undefined,
    );
  });
});
