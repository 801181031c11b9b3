import { z } from 'zod';

/** Who a player is, whatever the name or the connection. */
export const playerIdSchema = z.uuid().toLowerCase();

export type PlayerId = z.infer<typeof playerIdSchema>;
