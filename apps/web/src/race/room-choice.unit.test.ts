import { addBotRequestSchema, roomSettingsSchema } from '@typerush/contracts';
import { listsOf } from '../records/board-choice';
import {
  bounds,
  describeGame,
  describeSettings,
  firstRoom,
  gameModes,
  withList,
  withMode,
} from './room-choice';

describe('room settings', () => {
  it('are accepted by the contract in both modes, with each of its texts, also after a quote', () => {
    for (const from of gameModes) {
      for (const text of listsOf(from)) {
        for (const mode of gameModes) {
          const before = withList(withMode(firstRoom.game, from), text);
          const settings = { ...firstRoom, game: withMode(before, mode) };
          expect(roomSettingsSchema.parse(settings)).toEqual(settings);
        }
      }
    }
  });

  it.each(['seats', 'words', 'waves', 'waveSeconds', 'pauseSeconds'] as const)(
    'have the bounds of the contract: %s',
    (name) => {
      const mode = name === 'words' ? 'type-race' : 'wave-rush';
      const accepts = (value: number) =>
        roomSettingsSchema.safeParse({
          ...firstRoom,
          ...(name === 'seats' && { seats: value }),
          game: {
            ...withMode(firstRoom.game, mode),
            ...(name !== 'seats' && { [name]: value }),
          },
        }).success;
      const { min, max } = bounds[name];
      expect([min - 1, min, max, max + 1].map(accepts)).toEqual([false, true, true, false]);
    },
  );

  it('add bots within the bounds of the contract', () => {
    const accepts = (wpm: number, errors: number) =>
      addBotRequestSchema.safeParse({ wpm, errorRate: errors / 100 }).success;
    const { botWpm, botErrors } = bounds;
    expect(accepts(botWpm.min, botErrors.min)).toBe(true);
    expect(accepts(botWpm.max, botErrors.max)).toBe(true);
    expect(accepts(botWpm.max + 1, botErrors.min)).toBe(false);
    expect(accepts(botWpm.min, botErrors.max + 1)).toBe(false);
  });

  it('are described', () => {
    expect(describeGame(firstRoom.game)).toBe('type race · 25 words · top 1,000');
    expect(describeGame({ ...withMode(firstRoom.game, 'wave-rush'), numbers: true })).toBe(
      'wave rush · 3 waves of 10 s · top 1,000 · numbers',
    );
    expect(describeGame(withList(firstRoom.game, 'quotes'))).toBe('type race · a quote');
    expect(describeSettings({ ...firstRoom, isPublic: true })).toContainEqual([
      'Open to',
      'everybody, by quick match',
    ]);
  });
});
