import { z } from 'zod';
import { type MatchMode, matchModeSchema } from './match-mode';
import { passageReferenceSchema } from './passage-reference';

/** A mode and its setting: results on one board can be compared. */
export const boardSchema = z.strictObject({
  mode: matchModeSchema.exclude(['open']),
  list: passageReferenceSchema.shape.list,
  /** Words of the text, or seconds of a timed round; absent for quotes. */
  amount: z.int().min(1).max(9_999).optional(),
  punctuation: z.boolean(),
  numbers: z.boolean(),
});

export type Board = z.infer<typeof boardSchema>;

/** A board in a URL: `type-race.english-1k.25`, `time.english-200.30.punctuation.numbers`, `quote.quotes`. */
export const boardIdSchema = z
  .string()
  .max(100)
  .regex(
    /^(type-race|wave-rush|time|words|quote)\.[a-z][a-z0-9-]{0,39}(\.[1-9]\d{0,3})?(\.punctuation)?(\.numbers)?$/,
  );

export type BoardId = z.infer<typeof boardIdSchema>;

export function boardIdOf({ mode, list, amount, punctuation, numbers }: Board): BoardId {
  return [
    mode,
    list,
    ...(amount === undefined ? [] : [amount]),
    ...(punctuation ? ['punctuation'] : []),
    ...(numbers ? ['numbers'] : []),
  ].join('.');
}

/** @param id one that passes `boardIdSchema` */
export function boardOf(id: BoardId): Board {
  const [mode, list, ...rest] = boardIdSchema.parse(id).split('.');
  const amount = rest.find((part) => /^\d/.test(part));
  return boardSchema.parse({
    mode,
    list,
    ...(amount === undefined ? {} : { amount: Number(amount) }),
    punctuation: rest.includes('punctuation'),
    numbers: rest.includes('numbers'),
  });
}

/** The board of a match; undefined for practice without an end, whose results cannot be compared. */
export function boardOfMatch(match: {
  mode: MatchMode;
  passage: z.infer<typeof passageReferenceSchema>;
  rules: { limitMs?: number | undefined };
}): Board | undefined {
  const { mode, passage, rules } = match;
  if (mode === 'open') return undefined;
  const { list, words, punctuation = false, numbers = false } = passage;
  const isTimed = mode === 'time' || mode === 'wave-rush';
  const amount = isTimed ? Math.round((rules.limitMs ?? 0) / 1_000) : words;
  return { mode, list, ...(amount === undefined ? {} : { amount }), punctuation, numbers };
}
