import { socketHandshakeSchema } from '@typerush/contracts';
import { type Logger, requestContext } from '@typerush/service-kit';
import { notAuthenticated, type SessionTokens } from '../sessions/session-tokens';
import { socketErrorOf } from './socket-errors';
import { type GameSocket } from './socket-types';

/**
 * Lets in who presents a session's token as `auth: { token }`. Others get a `connect_error` whose `data` is a
 * `SocketError`.
 */
export function socketHandshake(options: { sessions: SessionTokens; logger: Logger }) {
  return (socket: GameSocket, next: (error?: Error) => void): void => {
    requestContext.run({ socketId: socket.id }, async () => {
      try {
        socket.data.session = await options.sessions.verify(tokenOf(socket));
        next();
      } catch (error) {
        const data = socketErrorOf(error, options.logger);
        options.logger.debug({ code: data.code }, 'handshake refused');
        next(Object.assign(new Error(data.message), { data }));
      }
    });
  };
}

/** @throws ServiceError UNAUTHENTICATED */
function tokenOf(socket: GameSocket): string {
  const handshake = socketHandshakeSchema.safeParse(socket.handshake.auth);
  if (!handshake.success) throw notAuthenticated(handshake.error);
  return handshake.data.token;
}
