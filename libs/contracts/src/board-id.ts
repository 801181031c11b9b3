import { type MatchMode } from './match-mode';
import { type PassageReference } from './passage-reference';

/** A `Board`. This file is for the page, too, for which the schemas are too large: it imports only types. */
interface BoardParts {
  mode: Exclude<MatchMode, 'open'>;
  list: string;
  amount?: number | undefined;
  punctuation: boolean;
  numbers: boolean;
}

export const boardIdPattern =
  /^(type-race|wave-rush|time|words|quote)\.[a-z][a-z0-9-]{0,39}(\.[1-9]\d{0,3})?(\.punctuation)?(\.numbers)?$/;

export function boardIdOf({ mode, list, amount, punctuation, numbers }: BoardParts): string {
  return [
    mode,
    list,
    ...(amount === undefined ? [] : [amount]),
    ...(punctuation ? ['punctuation'] : []),
    ...(numbers ? ['numbers'] : []),
  ].join('.');
}

/** @param id one that matches `boardIdPattern` */
export function boardPartsOf(id: string): BoardParts {
  const [mode = '', list = '', ...rest] = id.split('.');
  const amount = rest.find((part) => /^\d/.test(part));
  return {
    mode: mode as BoardParts['mode'],
    list,
    ...(amount === undefined ? {} : { amount: Number(amount) }),
    punctuation: rest.includes('punctuation'),
    numbers: rest.includes('numbers'),
  };
}

/** The board of a match; undefined for practice without an end, whose results cannot be compared. */
export function boardOfMatch(match: {
  mode: MatchMode;
  passage: PassageReference;
  rules: { limitMs?: number | undefined };
}): BoardParts | undefined {
  const { mode, passage, rules } = match;
  if (mode === 'open') return undefined;
  const { list, words, punctuation = false, numbers = false } = passage;
  const isTimed = mode === 'time' || mode === 'wave-rush';
  const amount = isTimed ? Math.round((rules.limitMs ?? 0) / 1_000) : words;
  return { mode, list, ...(amount === undefined ? {} : { amount }), punctuation, numbers };
}
