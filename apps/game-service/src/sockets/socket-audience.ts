import { type Audience } from '../game/audience';
import { type ServerMessage } from '../game/effect';
import { type GameServer } from './socket-types';

/** Delivers the messages of the rooms by Socket.IO: a connection is a socket's id, a room its code. */
export function socketAudience(sockets: GameServer): Audience {
  const socketOf = (connection: string) => sockets.sockets.sockets.get(connection);
  const emit = (to: string, { event, payload }: ServerMessage) => {
    // The pair fits together by its type, which the signature of `emit` cannot express.
    const target = sockets.local.to(to) as unknown as { emit(name: string, value: unknown): void };
    target.emit(event, payload);
  };
  return {
    isConnected: (connection) => socketOf(connection) !== undefined,
    attach: (connection, code) => void socketOf(connection)?.join(code),
    detach: (connection, code) => void socketOf(connection)?.leave(code),
    send: emit,
    broadcast: emit,
  };
}
