import { roomSettingsSchema } from '@typerush/contracts';
import { describeGame, firstRoom, withMode } from './room-choice';

describe('room settings', () => {
  it('are accepted by the contract in both modes, also after a quote', () => {
    const quote = { ...firstRoom, game: { ...firstRoom.game, list: 'quotes' } } as typeof firstRoom;
    for (const settings of [firstRoom, quote]) {
      for (const mode of ['type-race', 'wave-rush'] as const) {
        const changed = withMode(settings, mode);
        expect(roomSettingsSchema.parse(changed)).toEqual(changed);
      }
    }
  });

  it('are described', () => {
    expect(describeGame(firstRoom.game)).toBe('type race · 25 words');
    expect(describeGame({ ...withMode(firstRoom, 'wave-rush').game, numbers: true })).toBe(
      'wave rush · 3 waves of 10 s · numbers',
    );
  });
});
