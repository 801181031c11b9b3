import { z } from 'zod';
import { boardIdPattern, boardPartsOf } from './board-id';
import { matchModeSchema } from './match-mode';
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
export const boardIdSchema = z.string().max(100).regex(boardIdPattern);

export type BoardId = z.infer<typeof boardIdSchema>;

/** @param id one that passes `boardIdSchema` */
export function boardOf(id: BoardId): Board {
  return boardSchema.parse(boardPartsOf(boardIdSchema.parse(id)));
}
