import { MemoryRoomDirectory, type RoomDirectory } from './room-directory';

/** Every implementation of the port passes this. */
describe.each<{ name: string; create: () => RoomDirectory }>([
  { name: 'in memory', create: () => new MemoryRoomDirectory() },
])('a room directory $name', ({ create }) => {
  it('gives a code to one room until that room releases it', async () => {
    const directory = create();
    const claims = await Promise.all([directory.claimCode('A'), directory.claimCode('A')]);
    expect(claims.sort()).toEqual([false, true]);
    await directory.releaseCode('A');
    expect(await directory.claimCode('A')).toBe(true);
  });

  it('seats a player in one room at a time', async () => {
    const directory = create();
    const claims = await Promise.all([
      directory.claimPlayer('ada', 'A'),
      directory.claimPlayer('ada', 'B'),
    ]);
    expect(claims).toEqual([undefined, 'A']);
    expect(await directory.claimPlayer('ada', 'A')).toBe('A');
    await directory.releasePlayer('ada', 'B');
    expect(await directory.claimPlayer('ada', 'B')).toBe('A');
    await directory.releasePlayer('ada', 'A');
    expect(await directory.claimPlayer('ada', 'B')).toBeUndefined();
  });

  it('releases the players of a room with its code', async () => {
    const directory = create();
    await directory.claimCode('A');
    await directory.claimPlayer('ada', 'A');
    await directory.releaseCode('A');
    expect(await directory.claimPlayer('ada', 'B')).toBeUndefined();
  });

  it('lists the offered rooms, the fullest first', async () => {
    const directory = create();
    for (const code of ['A', 'B', 'C', 'D']) await directory.claimCode(code);
    await directory.offer('A', 1);
    await directory.offer('B', 3);
    await directory.offer('C', 3);
    await directory.offer('D', 7);
    await directory.offer('D', undefined);
    expect(await directory.openRooms()).toEqual(['B', 'C', 'A']);
    await directory.releaseCode('B');
    await directory.offer('B', 5);
    expect(await directory.openRooms()).toEqual(['C', 'A']);
  });
});
