import { type FinishedRound, type PlayerId, type ServerToClientEvents } from '@typerush/contracts';

type ServerEvent = keyof ServerToClientEvents;

/** An event of the contract with what it carries. */
export type ServerMessage = {
  [E in ServerEvent]: { event: E; payload: Parameters<ServerToClientEvents[E]>[0] };
}[ServerEvent];

/** What an operation on a room asks of the world around it, in this order. */
export type Effect =
  | ({ type: 'broadcast' } & ServerMessage)
  | ({ type: 'send'; connection: string } & ServerMessage)
  /** The connection hears nothing more of the room, and may do nothing in it. */
  | { type: 'detach'; connection: string }
  /** The player may take a seat elsewhere. */
  | { type: 'release'; playerId: PlayerId }
  /** A round is over, and at least one person typed in it. */
  | { type: 'record'; round: FinishedRound };

export function broadcast(message: ServerMessage): Effect {
  return { type: 'broadcast', ...message };
}

export function send(connection: string, message: ServerMessage): Effect {
  return { type: 'send', connection, ...message };
}
