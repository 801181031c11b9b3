import { type ClientToServerEvents, type Tick } from '@typerush/contracts';
import { passageOf, type PassageReference } from '@typerush/passages';
import { typeRace } from '../../test/game-fixtures';
import { RunningApp } from '../../test/running-app';
import { playersInRoom, quickTiming, startRace, TestPlayer, until } from '../../test/test-player';

/** One value for each event of the contract; the type asks for a new one with each new event. */
const events: Record<keyof ClientToServerEvents, true> = {
  clock: true,
  'create-room': true,
  'join-room': true,
  'quick-match': true,
  resume: true,
  'leave-room': true,
  ready: true,
  rematch: true,
  configure: true,
  start: true,
  abort: true,
  kick: true,
  'add-bot': true,
  keystrokes: true,
};

/** What broke the first TypeRush, and must not be possible here. */
describe('a fault of the first TypeRush', () => {
  let running: RunningApp;
  beforeEach(async () => (running = await RunningApp.start({ timing: quickTiming })));
  afterEach(() => running.stop());

  const room = (...names: string[]) => playersInRoom(running, typeRace, ...names);

  it.each(Object.keys(events))(
    'an event without payload kills the process: not with %s',
    async (event) => {
      const ada = await TestPlayer.connect(running, 'Ada');
      const untyped = ada.socket as unknown as { emit(name: string, ...args: unknown[]): void };
      untyped.emit(event);
      expect(await ada.outcome(event)).toBe('INVALID_REQUEST');
      expect(await ada.outcome('clock', { t0: 1 })).toBe('ok');
      expect(running.lines.filter(({ level }) => level === 'error')).toEqual([]);
    },
  );

  it('results are whatever the client claims: not with results, nor with impossible keystrokes', async () => {
    const [ada, eve] = (await room('Ada', 'Eve')) as [TestPlayer, TestPlayer];
    await startRace([ada, eve]);
    const { round } = eve.client.typing!;
    const { raceId, passage, startAt } = round;
    const key = { raceId, round: 1, seq: 1 };
    await until(() => eve.client.clock.now() > startAt);
    expect(await eve.outcome('finish', { ...key, wpm: 999 })).toBe('UNKNOWN_EVENT');
    expect(await eve.outcome('keystrokes', { ...key, events: [[1, 'a']], wpm: 999 })).toBe(
      'INVALID_REQUEST',
    );
    const { text } = passageOf(passage as PassageReference);
    const claimed = [...text].map((typed) => [0, typed]).slice(0, 64);
    expect(await eve.outcome('keystrokes', { ...key, events: claimed })).toBe('ok');
    const rest = [...text].map((typed) => [0, typed]).slice(64);
    if (rest.length > 0) await eve.outcome('keystrokes', { ...key, seq: 2, events: rest });
    const result = ada.nextResult();
    await ada.typeText(200);
    expect((await result).standings[0]).toMatchObject({ playerId: ada.playerId, rank: 1 });
    expect((await result).standings[1]?.rank).toBeNull();
    expect((await result).standings[1]?.unranked).toContain('word-at-once');
  });

  it('a socket outside a room draws carets in it: not as another player, nor as one who has left', async () => {
    const [ada, grace, gone] = (await room('Ada', 'Grace', 'Gone')) as [
      TestPlayer,
      TestPlayer,
      TestPlayer,
    ];
    await gone.client.leaveRoom();
    const eve = await TestPlayer.connect(running, 'Eve');
    await startRace([ada, grace]);
    const ticks: Tick[] = [];
    ada.client.on('tick', (tick) => ticks.push(tick));
    const { raceId, startAt } = ada.client.typing!.round;
    await until(() => ada.client.clock.now() > startAt + 200);
    const batch = { raceId, round: 1, seq: 1, events: [[100, 'a']] };
    expect(await eve.outcome('keystrokes', batch)).toBe('NOT_IN_ROOM');
    expect(await gone.outcome('keystrokes', batch)).toBe('NOT_IN_ROOM');
    const [other] = (await room('Other')) as [TestPlayer];
    expect(await other.outcome('keystrokes', batch)).toBe('NO_RACE');
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(ticks).toEqual([]);
  });

  it('a race ends while one still types, when somebody leaves: it goes on', async () => {
    const [ada, grace, gone] = (await room('Ada', 'Grace', 'Gone')) as [
      TestPlayer,
      TestPlayer,
      TestPlayer,
    ];
    await startRace([ada, grace, gone]);
    let ended = false;
    grace.client.on('race-result', () => (ended = true));
    await ada.typeText(250);
    await gone.client.leaveRoom();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ended).toBe(false);
    expect(await grace.client.typing?.round.raceId).toBeDefined();
  });

  it('a race never ends, when somebody leaves: it ends with the last who types', async () => {
    const [ada, gone] = (await room('Ada', 'Gone')) as [TestPlayer, TestPlayer];
    await startRace([ada, gone]);
    const result = ada.nextResult();
    await ada.typeText(250);
    await gone.client.leaveRoom();
    expect((await result).standings).toHaveLength(2);
  });

  it('one socket fills all seats: a player has one seat', async () => {
    const [ada] = (await room('Ada')) as [TestPlayer];
    const { code } = ada.client.seatKey!;
    const eve = await TestPlayer.connect(running, 'Eve');
    const twin = await TestPlayer.withToken(running, eve);
    const outcomes = await Promise.all([
      eve.outcome('join-room', { code }),
      eve.outcome('join-room', { code }),
      twin.outcome('join-room', { code }),
      eve.outcome('quick-match', {}),
      twin.outcome('create-room', { settings: typeRace }),
    ]);
    expect(outcomes.sort()).toEqual([...Array<string>(4).fill('ALREADY_IN_ROOM'), 'ok']);
    await until(() => ada.client.room?.players.length === 2);
  });

  it('the text is fixed in the client: each race has another one, from the server', async () => {
    const players = await room('Ada', 'Grace');
    const texts = new Set<string>();
    for (let race = 0; race < 3; race += 1) {
      await startRace(players);
      const { passage } = players[0]!.client.typing!.round;
      texts.add(passageOf(passage as PassageReference).text);
      const aborted = players[1]!.next('aborted');
      await players[0]!.client.request('abort', {});
      await aborted;
    }
    expect(texts.size).toBe(3);
  });

  it('no reconnect: a lost connection keeps its seat and what was typed', async () => {
    const [ada, grace] = (await room('Ada', 'Grace')) as [TestPlayer, TestPlayer];
    await startRace([ada, grace]);
    await ada.typeText(200, 0.3);
    ada.socket.io.engine.close();
    await until(() => grace.client.room?.players[0]?.isConnected === false);
    const resumed = new Promise((resolve) => ada.client.on('resumed', resolve));
    ada.socket.connect();
    await resumed;
    await until(() => grace.client.room?.players[0]?.isConnected === true);
    await until(() => ada.client.typing?.isSettled === true);
    expect(ada.client.typing?.state.keystrokes.correct).toBeGreaterThan(5);
  });

  it('the leaderboard is empty: each finished race is handed over, with its winner', async () => {
    const players = (await room('Ada', 'Grace')) as [TestPlayer, TestPlayer];
    await startRace(players);
    const result = players[0].nextResult();
    await Promise.all([players[0].typeText(250), players[1].typeText(150)]);
    await result;
    expect(running.rounds).toHaveLength(1);
    expect(running.rounds[0]?.players[0]).toMatchObject({ name: 'Ada', rank: 1 });
  });
});
