import { z } from 'zod';
import { playerIdSchema } from './player-id';
import { playerNameSchema } from './player-name';
import { timestampSchema } from './timestamp';

/** The body of `POST /api/sessions`. */
export const sessionRequestSchema = z.strictObject({ name: playerNameSchema });

export type SessionRequest = z.infer<typeof sessionRequestSchema>;

/** The response of `GET /api/sessions/me`: the session of a token. */
export const sessionSchema = z.strictObject({
  playerId: playerIdSchema,
  name: playerNameSchema,
  expiresAt: timestampSchema,
});

export type Session = z.infer<typeof sessionSchema>;

/** The response of `POST /api/sessions`. The token is a secret of the player. */
export const guestSessionSchema = sessionSchema.extend({ token: z.string().min(1) });

export type GuestSession = z.infer<typeof guestSessionSchema>;
