import {
  type ClientToServerEvents,
  type ServerToClientEvents,
  type Session,
} from '@typerush/contracts';
import { type Server, type Socket } from 'socket.io';

export interface SocketData {
  session: Session;
}

export type NoEvents = Record<never, never>;

export type GameServer = Server<ClientToServerEvents, ServerToClientEvents, NoEvents, SocketData>;

export type GameSocket = Socket<ClientToServerEvents, ServerToClientEvents, NoEvents, SocketData>;
