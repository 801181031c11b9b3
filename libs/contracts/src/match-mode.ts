import { z } from 'zod';
import { gameModeSchema } from './game-mode';

/** How one player practises: for a time, a number of words, a quote, or without an end. */
export const practiceModeSchema = z.enum(['time', 'words', 'quote', 'open']);

export type PracticeMode = z.infer<typeof practiceModeSchema>;

/** Everything that is recorded: races in rooms, and practice. */
export const matchModeSchema = z.enum([...gameModeSchema.options, ...practiceModeSchema.options]);

export type MatchMode = z.infer<typeof matchModeSchema>;

export function isPractice(mode: MatchMode): mode is PracticeMode {
  return practiceModeSchema.safeParse(mode).success;
}
