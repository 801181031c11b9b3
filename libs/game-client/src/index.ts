export { type Connection, socketConnection, type SocketLike } from './connection';
export {
  type ClientEvents,
  GameClient,
  type GameClientOptions,
  GameError,
  type SeatKey,
} from './game-client';
export { playScript } from './play-script';
export { RoundTyping, type RoundTypingOptions } from './round-typing';
export { ServerClock } from './server-clock';
export { type Skill, typist } from './typist';
