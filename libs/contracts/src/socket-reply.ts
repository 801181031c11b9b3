import { z } from 'zod';
import { errorBodySchema } from './error-body';

/** Why a socket's event or its handshake was refused. */
export const socketErrorSchema = errorBodySchema.shape.error.pick({ code: true, message: true });

export type SocketError = z.infer<typeof socketErrorSchema>;

export const socketFailureSchema = z.strictObject({
  ok: z.literal(false),
  error: socketErrorSchema,
});

export type SocketFailure = z.infer<typeof socketFailureSchema>;

/** What every acknowledgement carries. */
export type SocketReply<Result> = ({ ok: true } & Result) | SocketFailure;
