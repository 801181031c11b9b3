import { z } from 'zod';

/** `type-race`: first to finish one text. `wave-rush`: several short timed rounds. */
export const gameModeSchema = z.enum(['type-race', 'wave-rush']);

export type GameMode = z.infer<typeof gameModeSchema>;
