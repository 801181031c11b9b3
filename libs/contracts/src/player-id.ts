import { z } from 'zod';

/** Identifies a player, independent of name and connection. */
export const playerIdSchema = z.uuid().toLowerCase();

export type PlayerId = z.infer<typeof playerIdSchema>;
