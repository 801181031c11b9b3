import { createLogger } from '@typerush/service-kit';
import { player, seededChance, typeRace } from '../../test/game-fixtures';
import { type ServerMessage } from './effect';
import { MemoryRoomDirectory } from './room-directory';
import { Rooms, type RoomsOptions } from './rooms';
import { defaultTiming } from './timing';

const skill = { wpm: 200, errorRate: 0 };

function setUp({
  codes = ['ACD347'],
  onFinished = (() => undefined) as RoomsOptions['onFinished'],
  connected = true,
} = {}) {
  const messages: ServerMessage[] = [];
  const logged: string[] = [];
  const directory = new MemoryRoomDirectory();
  const remaining = [...codes];
  const rooms = new Rooms({
    directory,
    timing: defaultTiming,
    chance: { ...seededChance(3), roomCode: () => remaining.shift() ?? codes.at(-1)! },
    now: () => Date.now(),
    logger: createLogger({
      service: 'test',
      level: 'error',
      destination: { write: (line) => void logged.push(line) },
    }),
    onFinished,
    audience: {
      isConnected: () => connected,
      attach: () => undefined,
      detach: () => undefined,
      send: (_connection, message) => void messages.push(message),
      broadcast: (_code, message) => void messages.push(message),
    },
  });
  const caller = (number: number) => ({ connection: `c${number}`, session: player(number) });
  return { rooms, directory, messages, logged, caller };
}

describe('the rooms of an instance', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  it('take another code if a room has the first one', async () => {
    const { rooms, caller } = setUp({ codes: ['ACD347', 'ACD347', 'FGH679'] });
    expect((await rooms.create(caller(0), typeRace)).room.code).toBe('ACD347');
    expect((await rooms.create(caller(1), typeRace)).room.code).toBe('FGH679');
  });

  it('fail if every code is taken, and seat nobody', async () => {
    const { rooms, caller, directory } = setUp();
    await rooms.create(caller(0), typeRace);
    await expect(rooms.create(caller(1), typeRace)).rejects.toThrow('every room code is taken');
    expect(await directory.claimPlayer(player(1).playerId, 'FGH679')).toBeUndefined();
  });

  it('keep nothing of a room that nobody could be seated in', async () => {
    const { rooms, caller } = setUp({ codes: ['ACD347', 'FGH679'] });
    await rooms.create(caller(0), typeRace);
    await expect(rooms.create(caller(0), typeRace)).rejects.toMatchObject({
      code: 'ALREADY_IN_ROOM',
    });
    expect(rooms.count).toBe(1);
    await expect(rooms.join(caller(1), 'FGH679')).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
  });

  it('are removed after the grace period of a player whose connection was lost before there was a seat', async () => {
    const { rooms, caller } = setUp({ connected: false });
    await rooms.create(caller(0), typeRace);
    await jest.advanceTimersByTimeAsync(19_999);
    expect(rooms.count).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(rooms.count).toBe(0);
  });

  it('send the players of a race what becomes of its result, and only those', async () => {
    const reports: Parameters<RoomsOptions['onFinished']>[1][] = [];
    const { rooms, caller, messages } = setUp({
      onFinished: (_round, report) => void reports.push(report),
    });
    await finishRace(rooms, caller, messages);
    reports[0]?.('queued');
    const records = () =>
      messages.flatMap((message) => (message.event === 'record' ? [message.payload.state] : []));
    expect(records()).toEqual(['queued']);
    // Another room gets the same code.
    rooms.act(caller(0), (room, playerId, now) => room.leave(playerId, now));
    await jest.advanceTimersByTimeAsync(1);
    await rooms.create(caller(1), typeRace);
    reports[0]?.('recorded');
    expect(records()).toEqual(['queued']);
  });

  it('show a result also if it cannot be handed over', async () => {
    const { rooms, caller, messages, logged } = setUp({
      onFinished: () => {
        throw new Error('disk full');
      },
    });
    await finishRace(rooms, caller, messages);
    expect(messages.map(({ event }) => event)).toContain('race-result');
    expect(rooms.raceCount).toBe(0);
    expect(logged.join()).toContain('result not handed over');
  });
});

/** A race of player 0 against a bot, over when its time is up. */
async function finishRace(
  rooms: Rooms,
  caller: ReturnType<typeof setUp>['caller'],
  messages: readonly ServerMessage[],
): Promise<void> {
  await rooms.create(caller(0), typeRace);
  rooms.act(caller(0), (room, playerId) => room.addBot(playerId, skill));
  rooms.begin(caller(0), (room, playerId, now) => room.start(playerId, now));
  const countdown = messages.find(({ event }) => event === 'countdown');
  if (countdown?.event !== 'countdown') throw new Error('no countdown');
  const { raceId, round, startAt } = countdown.payload;
  await jest.advanceTimersByTimeAsync(startAt - Date.now() + 1_000);
  rooms.type(caller(0), { raceId, round, seq: 1, events: [[50, 'x']] }, 0);
  await jest.advanceTimersByTimeAsync(120_000);
}
