import { randomUUID } from 'node:crypto';
import {
  type FinishedRound,
  isPractice,
  type MatchMode,
  rankPlaces,
  type ReplayedStanding,
} from '@typerush/contracts';
import { passageOf, type PassageReference } from '@typerush/passages';
import {
  findImplausibilities,
  type Keystroke,
  replay,
  statisticsOf,
  TYPING_VERSION,
  type TypingRules,
  type Words,
  wordsOf,
} from '@typerush/typing';

/** Somebody who types the text without an error. */
export interface Typist {
  readonly playerId: string;
  readonly name: string;
  /** About so many words a minute. */
  readonly wpm: number;
  readonly isBot?: boolean;
}

export interface RoundOptions {
  readonly raceId?: string;
  readonly round?: number;
  readonly mode?: MatchMode;
  readonly passage?: PassageReference;
  /** Of a timed round. */
  readonly limitMs?: number;
  /** When the last player finished. */
  readonly finishedAt?: Date;
  readonly typists?: readonly Typist[];
  /** The same seed gives the same rhythm. */
  readonly seed?: number;
}

export const english: PassageReference = {
  list: 'english-200',
  version: 1,
  seed: 0xffff_ffff,
  words: 10,
  punctuation: false,
  numbers: false,
};

export const typist = (change: Partial<Typist> = {}): Typist => ({
  playerId: randomUUID(),
  name: 'Zoë 李雷',
  wpm: 80,
  ...change,
});

/** A round as game-service would write it. */
export function sampleRound(options: RoundOptions = {}): FinishedRound {
  const { mode = 'type-race', passage = english, limitMs, finishedAt = new Date() } = options;
  const { typists = [typist(), typist({ name: 'Ada', wpm: 60 })], seed = 1 } = options;
  const rules: TypingRules = {
    advance: mode === 'type-race' ? 'correct' : 'any',
    ...(limitMs === undefined ? {} : { limitMs }),
  };
  const words = wordsOf(passageOf(passage).text);
  const players = typists.map((one, index) => play(one, mode, words, rules, seed + index));
  const ranked = rankPlaces(players, (one, other) =>
    mode === 'type-race'
      ? (one.timeMs ?? Infinity) < (other.timeMs ?? Infinity)
      : one.wpm > other.wpm,
  );
  return {
    raceId: options.raceId ?? randomUUID(),
    round: options.round ?? 1,
    mode,
    passage,
    rules,
    startedAt: new Date(finishedAt.getTime() - 60_000).toISOString(),
    finishedAt: finishedAt.toISOString(),
    typingVersion: TYPING_VERSION,
    players: ranked,
  };
}

function play(
  { playerId, name, wpm, isBot = false }: Typist,
  mode: MatchMode,
  words: Words,
  rules: TypingRules,
  seed: number,
): ReplayedStanding {
  const keystrokes = keystrokesOf(words, wpm, seed, rules.limitMs);
  const statistics = statisticsOf(words, rules, keystrokes);
  const { finishedAtMs } = replay(words, rules, keystrokes);
  const isUnfinished = finishedAtMs === undefined && rules.limitMs === undefined;
  return {
    playerId,
    name,
    isBot,
    rank: null,
    unranked: isBot
      ? ['bot']
      : [
          ...(mode === 'open' ? (['open-ended'] as const) : []),
          ...(isUnfinished && mode !== 'open' ? (['unfinished'] as const) : []),
          ...findImplausibilities(statistics, keystrokes),
        ],
    timeMs: finishedAtMs ?? null,
    ...statistics,
    keystrokes,
    arrivals: isPractice(mode) ? [] : arrivalsOf(keystrokes),
  };
}

/** Each batch of five arrives 20 ms after its last keystroke. */
function arrivalsOf(keystrokes: readonly Keystroke[]): ReplayedStanding['arrivals'] {
  const arrivals: ReplayedStanding['arrivals'] = [];
  let typedMs = 0;
  for (let at = 0; at < keystrokes.length; at += 5) {
    const batch = keystrokes.slice(at, at + 5);
    typedMs = batch.reduce((sum, [dtMs]) => sum + dtMs, typedMs);
    arrivals.push([batch.length, typedMs + 20]);
  }
  return arrivals;
}

/** An uneven rhythm, as a person has it. */
function keystrokesOf(words: Words, wpm: number, seed: number, limitMs = Infinity): Keystroke[] {
  const keys = [...words.map((word) => word.join('')).join(' ')];
  let state = (seed * 2_654_435_761) >>> 0;
  let typedMs = 0;
  const typed: Keystroke[] = [];
  for (const key of keys) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const dtMs = Math.round((12_000 / wpm) * (0.6 + (0.8 * state) / 2 ** 32));
    typedMs += dtMs;
    if (typedMs > limitMs) break;
    typed.push([dtMs, key]);
  }
  return typed;
}
