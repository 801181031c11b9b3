import { z } from 'zod';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Twenty characters of three code points each; keeps towers of combining marks out. */
const maxCodePoints = 60;

/** Control, unassigned, private and lone surrogate code points, line and paragraph separators. */
const unprintable = /[\p{Cc}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Invisible code points and those that turn the reading direction, by which one name could pass for another.
 * The joiners and the variation selectors that emoji and some scripts need may stay.
 */
const deceptive = /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * What a player is called: trimmed, NFC, 2 to 20 characters as a reader counts them (graphemes), nothing
 * invisible. It is text and never HTML: escape it for display.
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

/** Visible characters: a joiner alone is not one. */
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
