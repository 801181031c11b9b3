import { type GameSettings, type RoomSettings } from '@typerush/contracts';

const texts = { list: 'english-200', punctuation: false, numbers: false } as const;

const modes = {
  'type-race': { mode: 'type-race', ...texts, words: 25 },
  'wave-rush': { mode: 'wave-rush', ...texts, waves: 3, waveSeconds: 10, pauseSeconds: 3 },
} as const satisfies Record<GameSettings['mode'], GameSettings>;

/** Of a room that is created; the host can change it. */
export const firstRoom: RoomSettings = { seats: 4, isPublic: false, game: modes['type-race'] };

/** Another mode, with the texts of before as far as it has them. */
export function withMode(settings: RoomSettings, mode: GameSettings['mode']): RoomSettings {
  const { list, punctuation, numbers } = settings.game;
  const kept = list === 'quotes' ? { punctuation, numbers } : { list, punctuation, numbers };
  return { ...settings, game: { ...modes[mode], ...kept } };
}

export function describeGame(game: GameSettings): string {
  const extras = [game.punctuation && 'punctuation', game.numbers && 'numbers'].filter(Boolean);
  const text =
    game.mode === 'wave-rush'
      ? `${game.waves} waves of ${game.waveSeconds} s`
      : game.list === 'quotes'
        ? 'a quote'
        : `${game.words} words`;
  return [game.mode.replace('-', ' '), text, ...extras].join(' · ');
}
