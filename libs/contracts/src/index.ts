export {
  type ClockReading,
  clockReadingSchema,
  type ClockRequest,
  clockRequestSchema,
} from './clock';
export { type ErrorBody, errorBodySchema } from './error-body';
export {
  type FinishedMatch,
  finishedMatchSchema,
  type MatchKey,
  matchKeySchema,
  type RecordedMatch,
  recordedMatchSchema,
} from './finished-match';
export { type GameMode, gameModeSchema } from './game-mode';
export {
  type GuestSession,
  guestSessionSchema,
  type Session,
  type SessionRequest,
  sessionRequestSchema,
  sessionSchema,
} from './guest-session';
export { areRanksSound, maxParticipants, type Participant, participantSchema } from './participant';
export { type PassageReference, passageReferenceSchema } from './passage-reference';
export { type PlayerId, playerIdSchema } from './player-id';
export { type PlayerName, playerNameSchema } from './player-name';
export { type ClientToServerEvents, type ServerToClientEvents } from './socket-events';
export { type SocketHandshake, socketHandshakeSchema } from './socket-handshake';
export {
  type SocketError,
  socketErrorSchema,
  type SocketFailure,
  socketFailureSchema,
  type SocketReply,
} from './socket-reply';
export { type Timestamp, timestampSchema } from './timestamp';
export { type TypingStats, typingStatsSchema } from './typing-stats';
