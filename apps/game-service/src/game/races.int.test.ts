import { finishedRoundSchema, type Tick, tickSchema } from '@typerush/contracts';
import { passageOf, type PassageReference } from '@typerush/passages';
import { statisticsOf, wordsOf } from '@typerush/typing';
import { typeRace, waveRush } from '../../test/game-fixtures';
import { RunningApp } from '../../test/running-app';
import { playersInRoom, quickTiming, startRace, TestPlayer, until } from '../../test/test-player';

describe('a race over sockets', () => {
  let running: RunningApp;
  beforeEach(async () => (running = await RunningApp.start({ timing: quickTiming })));
  afterEach(() => running.stop());

  it('is won by the faster of two players, and its result is what they typed', async () => {
    const [ada, grace] = await twoPlayers();
    await startRace([ada, grace]);
    const ticks: Tick[] = [];
    ada.client.on('tick', (tick) => ticks.push(tick));
    const round = grace.next('round-result');
    const results = [ada.nextResult(), grace.nextResult()];
    const typed = [ada.client.typing, grace.client.typing];
    await Promise.all([ada.typeText(240), grace.typeText(150)]);
    const [result, same] = await Promise.all(results);
    expect(result).toEqual(same);
    expect(result?.standings).toMatchObject([
      { playerId: ada.playerId, rank: 1, unranked: [] },
      { playerId: grace.playerId, rank: 2, unranked: [] },
    ]);
    await until(() => typed.every((typing) => typing?.isSettled === true));
    const [record] = running.rounds;
    expect(finishedRoundSchema.parse(record)).toEqual(record);
    const words = wordsOf(passageOf(record?.passage as PassageReference).text);
    for (const player of record?.players ?? []) {
      expect(player).toMatchObject(statisticsOf(words, { advance: 'correct' }, player.keystrokes));
    }
    expect((await round).standings.map(({ timeMs }) => timeMs)).toEqual(
      record?.players.map(({ timeMs }) => timeMs),
    );
    for (const tick of ticks) expect(tickSchema.parse(tick)).toEqual(tick);
    expect(ticks.flatMap(([, moved]) => moved.map(([index]) => index))).toContain(1);
  });

  it('has waves of fixed length', async () => {
    const settings = { ...waveRush, game: { ...waveRush.game, waves: 1 } as typeof waveRush.game };
    const players = await playersInRoom(running, settings, 'Ada', 'Grace');
    await startRace(players);
    const [ada, grace] = players as [TestPlayer, TestPlayer];
    const result = ada.nextResult();
    await Promise.all([ada.typeText(90), grace.typeText(140)]);
    expect((await result).standings).toMatchObject([
      { playerId: grace.playerId, rank: 1 },
      { playerId: ada.playerId, rank: 2 },
    ]);
    const [record] = running.rounds;
    expect(record?.rules).toEqual({ advance: 'any', limitMs: 5_000 });
    for (const { keystrokes } of record?.players ?? []) {
      expect(keystrokes.reduce((sum, [dtMs]) => sum + dtMs, 0)).toBeGreaterThan(4_000);
    }
  });

  it('goes on for the others when one leaves, and ends with the last of them', async () => {
    const players = await playersInRoom(running, typeRace, 'Ada', 'Grace', 'Edsger');
    await startRace(players);
    const [ada, grace, edsger] = players as [TestPlayer, TestPlayer, TestPlayer];
    let results = 0;
    grace.client.on('race-result', () => (results += 1));
    const adaDone = ada.typeText(240);
    await edsger.typeText(100, 0.2);
    await edsger.client.leaveRoom();
    await adaDone;
    const result = grace.nextResult();
    expect(results).toBe(0);
    await grace.typeText(200);
    expect((await result).standings).toMatchObject([
      { playerId: ada.playerId, rank: 1 },
      { playerId: grace.playerId, rank: 2 },
      { playerId: edsger.playerId, rank: null, unranked: ['left'] },
    ]);
  });

  it('takes what was typed without a connection, when the player is back in time', async () => {
    const [ada, grace] = await twoPlayers();
    await startRace([ada, grace]);
    const result = grace.nextResult();
    const { typing } = ada.client;
    const adaDone = ada.typeText(150);
    await until(() => (typing?.state.typed.length ?? 0) >= 3);
    ada.socket.io.engine.close();
    await until(() => (typing?.state.typed.length ?? 0) >= 4);
    const resumed = new Promise((resolve) => ada.client.on('resumed', resolve));
    ada.socket.connect();
    await Promise.all([resumed, adaDone, grace.typeText(100)]);
    expect((await result).standings).toMatchObject([
      { playerId: ada.playerId, rank: 1, unranked: [] },
      { playerId: grace.playerId, rank: 2 },
    ]);
    const [winner] = running.rounds[0]?.players ?? [];
    const words = wordsOf(passageOf(running.rounds[0]?.passage as PassageReference).text);
    expect(typing?.state.finishedAtMs).toBe(
      winner?.keystrokes.reduce((sum, [dtMs]) => sum + dtMs, 0),
    );
    expect(winner).toMatchObject(
      statisticsOf(words, { advance: 'correct' }, winner?.keystrokes ?? []),
    );
  });

  it('is taken up by a page that was loaded again, where the player was', async () => {
    const [ada, grace] = await twoPlayers();
    await startRace([ada, grace]);
    await ada.typeText(200, 0.4);
    await until(() => ada.client.typing?.isSettled === true);
    const position = ada.client.typing?.state;
    const seat = ada.client.seatKey;
    ada.socket.disconnect();
    const again = await TestPlayer.withToken(running, { ...ada, seat });
    await new Promise((resolve) => again.client.on('resumed', resolve));
    expect(again.client.typing?.state).toEqual(position);
  });

  it('ends when the grace period of one who does not come back is over', async () => {
    const [ada, grace] = await twoPlayers();
    await startRace([ada, grace]);
    const result = ada.nextResult();
    const removed = grace.client.on('seat-lost', () => undefined);
    grace.socket.io.engine.close();
    await ada.typeText(240);
    expect((await result).standings[1]).toMatchObject({ unranked: ['left'] });
    const lost = new Promise<void>((resolve) => grace.client.on('seat-lost', resolve));
    grace.socket.connect();
    await lost;
    removed();
  });

  it('is aborted by the host, and begins again when everybody wants it', async () => {
    const [ada, grace] = await twoPlayers();
    await startRace([ada, grace]);
    expect(await grace.outcome('abort', {})).toBe('NOT_HOST');
    const aborted = grace.next('aborted');
    await ada.client.request('abort', {});
    expect(await aborted).toMatchObject({ reason: 'host' });
    expect(running.rounds).toEqual([]);
    const countdown = grace.next('countdown');
    await grace.client.request('rematch', {});
    await ada.client.request('rematch', {});
    expect((await countdown).roster).toEqual([ada.playerId, grace.playerId]);
  });

  it('may be run against bots, which are never ranked', async () => {
    const [ada] = (await playersInRoom(running, typeRace, 'Ada')) as [TestPlayer];
    await ada.client.request('add-bot', { wpm: 250, errorRate: 0.05 });
    await startRace([ada]);
    const [finish, result] = [ada.next('finish'), ada.nextResult()];
    await ada.typeText(150);
    expect((await finish).playerId).not.toBe(ada.playerId);
    expect((await result).standings).toMatchObject([
      { playerId: ada.playerId, rank: 1 },
      { isBot: true, rank: null, unranked: ['bot'] },
    ]);
  });

  async function twoPlayers(): Promise<[TestPlayer, TestPlayer]> {
    return (await playersInRoom(running, typeRace, 'Ada', 'Grace')) as [TestPlayer, TestPlayer];
  }
});
