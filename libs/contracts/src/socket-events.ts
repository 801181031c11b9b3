import { type ClockReading, type ClockRequest } from './clock';
import { type SocketReply } from './socket-reply';

/** What a client may send; each is answered through its acknowledgement. */
export interface ClientToServerEvents {
  clock: (request: ClockRequest, acknowledge: (reply: SocketReply<ClockReading>) => void) => void;
}

/** What the server sends of its own accord. */
export interface ServerToClientEvents {
  /** This instance is going down; the connection ends next, and the client may connect again. */
  stopping: () => void;
}
