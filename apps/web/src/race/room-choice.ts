import { type GameSettings, type RoomSettings } from '@typerush/contracts';
import { listName, modeName } from '../records/board-choice';

export const gameModes = ['type-race', 'wave-rush'] as const;

/** What a host can set, as in the contract (whose schemas are too large for the page). */
export const bounds = {
  seats: { min: 2, max: 8 },
  words: { min: 10, max: 100 },
  waves: { min: 1, max: 15 },
  waveSeconds: { min: 5, max: 15 },
  pauseSeconds: { min: 3, max: 5 },
  botWpm: { min: 10, max: 250 },
  botErrors: { min: 0, max: 30 },
} as const;

const texts = { list: 'english-1k', punctuation: false, numbers: false } as const;

const modes = {
  'type-race': { mode: 'type-race', ...texts, words: 25 },
  'wave-rush': { mode: 'wave-rush', ...texts, waves: 3, waveSeconds: 10, pauseSeconds: 3 },
} as const satisfies Record<GameSettings['mode'], GameSettings>;

/** Of a room that is created; the host can change it. */
export const firstRoom: RoomSettings = { seats: 4, isPublic: false, game: modes['type-race'] };

/** Another mode, with the texts of before as far as it has them. */
export function withMode(game: GameSettings, mode: GameSettings['mode']): GameSettings {
  const { list, punctuation, numbers } = game;
  const kept = list === 'quotes' ? { punctuation, numbers } : { list, punctuation, numbers };
  return { ...modes[mode], ...kept };
}

/** Another text, if the mode has it. */
export function withList(game: GameSettings, list: string): GameSettings {
  return { ...game, list } as GameSettings;
}

export function describeGame(game: GameSettings): string {
  const extras = [game.punctuation && 'punctuation', game.numbers && 'numbers'].filter(Boolean);
  const text =
    game.mode === 'wave-rush'
      ? [`${game.waves} waves of ${game.waveSeconds} s`, listName(game.list)]
      : game.list === 'quotes'
        ? ['a quote']
        : [`${game.words} words`, listName(game.list)];
  return [modeName(game.mode), ...text, ...(game.list === 'quotes' ? [] : extras)].join(' · ');
}

/** The settings by name, for those who cannot change them. */
export function describeSettings({ seats, isPublic, game }: RoomSettings): [string, string][] {
  return [
    ['Race', describeGame(game)],
    ...(game.mode === 'wave-rush'
      ? [['Pause between waves', `${game.pauseSeconds} s`] satisfies [string, string]]
      : []),
    ['Seats', String(seats)],
    ['Open to', isPublic ? 'everybody, by quick match' : 'players with the link'],
  ];
}
