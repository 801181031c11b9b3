import { z } from 'zod';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Twenty characters of three code points each; rejects towers of combining marks. */
const maxCodePoints = 60;

/** Control, unassigned, private and lone surrogate code points, line and paragraph separators. */
const unprintable = /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Invisible code points and those that change the reading direction, which make one name look like another.
 * Joiners and variation selectors, which emoji and some scripts need, are allowed.
 */
const deceptive = /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * The name of a player: trimmed, NFC, 2 to 20 visible characters (graphemes). It is text, not HTML: escape it for
 * display.
 */
export const playerNameSchema = z
  .string()
  .normalize('NFC')
  .trim()
  .refine((name) => !unprintable.test(name), 'must not contain control characters')
  .refine((name) => !deceptive.test(name), 'must not contain invisible characters')
  .refine((name) => isBetween(characters(name), 2, 20), 'must have 2 to 20 characters')
  .refine((name) => [...name].length <= maxCodePoints, 'must not pile up combining marks');

export type PlayerName = z.infer<typeof playerNameSchema>;

/** Counts visible characters; a joiner is not one. */
function characters(name: string): number {
  let count = 0;
  for (const { segment } of graphemes.segment(name)) {
    if (/[^\p{M}\u200c\u200d]/u.test(segment)) count += 1;
  }
  return count;
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
