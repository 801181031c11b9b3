import { type RoomCode } from '@typerush/contracts';
import { type ServerMessage } from './effect';

/** Where the messages of the rooms go. */
export interface Audience {
  isConnected(connection: string): boolean;
  attach(connection: string, code: RoomCode): void;
  detach(connection: string, code: RoomCode): void;
  send(connection: string, message: ServerMessage): void;
  broadcast(code: RoomCode, message: ServerMessage): void;
}
