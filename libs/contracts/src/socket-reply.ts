import { z } from 'zod';
import { errorBodySchema } from './error-body';

/** Why an event or a handshake was rejected. */
export const socketErrorSchema = errorBodySchema.shape.error.pick({ code: true, message: true });

export type SocketError = z.infer<typeof socketErrorSchema>;

export const socketFailureSchema = z.strictObject({
  ok: z.literal(false),
  error: socketErrorSchema,
});

export type SocketFailure = z.infer<typeof socketFailureSchema>;

/** The content of every acknowledgement. */
export type SocketReply<Result> = ({ ok: true } & Result) | SocketFailure;
