import { z } from 'zod';

/** The `auth` of a connection: the token of `POST /api/sessions`. */
export const socketHandshakeSchema = z.strictObject({ token: z.string().min(1).max(4_096) });

export type SocketHandshake = z.infer<typeof socketHandshakeSchema>;
