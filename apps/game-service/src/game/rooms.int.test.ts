import { typeRace } from '../../test/game-fixtures';
import { RunningApp } from '../../test/running-app';
import { playersInRoom, quickTiming, startRace, TestPlayer, until } from '../../test/test-player';

const closed = ({ socket }: TestPlayer) =>
  new Promise<string>((resolve) => socket.once('disconnect', resolve));

describe('rooms over sockets', () => {
  let running: RunningApp;
  beforeEach(
    async () => (running = await RunningApp.start({ timing: quickTiming, raceLimitMs: 20_000 })),
  );
  afterEach(() => running.stop());

  it('are found by their code, in either case', async () => {
    const [ada] = (await playersInRoom(running, typeRace, 'Ada')) as [TestPlayer];
    const { code } = ada.client.seatKey!;
    const grace = await TestPlayer.connect(running, 'Grace');
    const room = await grace.client.joinRoom(` ${code.toLowerCase()} `);
    expect(room.players.map(({ name }) => name)).toEqual(['Ada', 'Grace']);
    await until(() => ada.client.room?.players.length === 2);
    await expect(
      (await TestPlayer.connect(running, 'Eve')).client.joinRoom('FFFFFF'),
    ).rejects.toMatchObject({ code: 'ROOM_NOT_FOUND' });
  });

  it('bring players of a quick match together, also those who come at once', async () => {
    const players = await Promise.all(
      ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan'].map((name) =>
        TestPlayer.connect(running, name),
      ),
    );
    const rooms = await Promise.all(players.map(({ client }) => client.quickMatch()));
    const codes = rooms.map(({ code }) => code);
    const sizes = [...new Set(codes)].map((code) => codes.filter((one) => one === code).length);
    expect(sizes.sort()).toEqual([1, 4]);
  });

  it('fill the fullest open one first, and no private, no locked and no full one', async () => {
    const open = { ...typeRace, seats: 4 };
    await playersInRoom(running, open, 'A1');
    const [host] = (await playersInRoom(running, open, 'B1', 'B2')) as [TestPlayer];
    await playersInRoom(running, { ...typeRace, isPublic: false }, 'C1', 'C2', 'C3');
    await playersInRoom(running, { ...typeRace, seats: 3 }, 'D1', 'D2', 'D3');
    await startRace(await playersInRoom(running, open, 'E1', 'E2', 'E3'));
    const { code } = await (await TestPlayer.connect(running, 'Ada')).client.quickMatch();
    expect(code).toBe(host.client.seatKey?.code);
  });

  it('are left, and their code is unknown when the last one has', async () => {
    const [ada, grace] = (await playersInRoom(running, typeRace, 'Ada', 'Grace')) as [
      TestPlayer,
      TestPlayer,
    ];
    const { code } = ada.client.seatKey!;
    await ada.client.leaveRoom();
    await until(() => grace.client.room?.hostId === grace.playerId);
    await grace.client.leaveRoom();
    expect(await ada.outcome('join-room', { code })).toBe('ROOM_NOT_FOUND');
    expect((await ada.client.createRoom(typeRace)).players).toHaveLength(1);
  });

  it('do not let a player back in whom the host has removed', async () => {
    const [ada, eve] = (await playersInRoom(running, typeRace, 'Ada', 'Eve')) as [
      TestPlayer,
      TestPlayer,
    ];
    const { code } = ada.client.seatKey!;
    const removed = eve.next('removed');
    await ada.client.request('kick', { playerId: eve.playerId });
    expect(await removed).toEqual({ reason: 'kicked' });
    expect(await eve.outcome('join-room', { code })).toBe('KICKED');
    const { code: other } = await eve.client.quickMatch();
    expect(other).not.toBe(code);
  });

  it('let a race end when the instance stops, and begin no other', async () => {
    const [ada, grace] = (await playersInRoom(running, typeRace, 'Ada', 'Grace')) as [
      TestPlayer,
      TestPlayer,
    ];
    const waiting = await TestPlayer.connect(running, 'Waiting');
    await startRace([ada, grace]);
    const results = [ada.nextResult(), grace.nextResult()];
    const stopping = [waiting.next('stopping'), ada.next('stopping')];
    const ends = [waiting, ada].map(closed);
    const drained = running.app.drain();
    await stopping[0];
    expect(await ends[0]).toBe('transport close');
    expect(await ada.outcome('rematch', {})).toBe('STOPPING');
    await Promise.all([ada.typeText(220), grace.typeText(220)]);
    expect((await Promise.all(results))[0]?.standings).toHaveLength(2);
    await stopping[1];
    expect(await ends[1]).toBe('transport close');
    await drained;
    expect(running.rounds).toHaveLength(1);
  });

  it('abort a race that runs longer than the instance may, and record nothing of it', async () => {
    const impatient = await RunningApp.start({ timing: quickTiming, raceLimitMs: 500 });
    const players = await playersInRoom(impatient, typeRace, 'Ada', 'Grace');
    await startRace(players);
    const [aborted, stopping, end] = [
      players[0]!.next('aborted'),
      players[0]!.next('stopping'),
      closed(players[0]!),
    ];
    await impatient.app.drain();
    expect(await aborted).toMatchObject({ reason: 'stopping' });
    await stopping;
    expect(await end).toBe('transport close');
    expect(impatient.rounds).toEqual([]);
    await impatient.stop();
  });
});
