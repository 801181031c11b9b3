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
  type RecordedMatch,
  recordedMatchSchema,
} from './finished-match';
export { finishedMatchOf, type FinishedRound, finishedRoundSchema } from './finished-round';
export { type GameMode, gameModeSchema } from './game-mode';
export { type GameSettings, gameSettingsSchema } from './game-settings';
export {
  type GuestSession,
  guestSessionSchema,
  type Session,
  type SessionRequest,
  sessionRequestSchema,
  sessionSchema,
} from './guest-session';
export {
  type KeystrokeBatch,
  keystrokeBatchSchema,
  type KeystrokeReceipt,
  keystrokeReceiptSchema,
  keystrokeSchema,
  maxBatchKeystrokes,
} from './keystroke-batch';
export { type MatchKey, matchKeySchema } from './match-key';
export { areRanksSound, maxParticipants, type Participant, participantSchema } from './participant';
export { type PassageReference, passageReferenceSchema } from './passage-reference';
export { type PlayerId, playerIdSchema } from './player-id';
export { type PlayerName, playerNameSchema } from './player-name';
export {
  type Aborted,
  abortedSchema,
  type Countdown,
  countdownSchema,
  type Finish,
  finishSchema,
  type RaceResult,
  raceResultSchema,
  type RaceSnapshot,
  raceSnapshotSchema,
  type Resend,
  resendSchema,
  type Round,
  type RoundResult,
  roundResultSchema,
  roundSchema,
  type Tick,
  tickSchema,
} from './race';
export {
  type Removed,
  removedSchema,
  type RoomPlayer,
  roomPlayerSchema,
  type RoomSnapshot,
  roomSnapshotSchema,
} from './room';
export { type RoomCode, roomCodeAlphabet, roomCodeSchema } from './room-code';
export {
  type AddBotRequest,
  addBotRequestSchema,
  type ConfigureRequest,
  configureRequestSchema,
  type CreateRoomRequest,
  createRoomRequestSchema,
  type EmptyRequest,
  emptyRequestSchema,
  type JoinRoomRequest,
  joinRoomRequestSchema,
  type KickRequest,
  kickRequestSchema,
  type ReadyRequest,
  readyRequestSchema,
  type Resumed,
  resumedSchema,
  type ResumeRequest,
  resumeRequestSchema,
  resumeTokenSchema,
  type Seat,
  seatSchema,
} from './room-requests';
export { type RoomSettings, roomSettingsSchema } from './room-settings';
export { type ClientToServerEvents, type ServerToClientEvents } from './socket-events';
export { type SocketHandshake, socketHandshakeSchema } from './socket-handshake';
export {
  type SocketError,
  socketErrorSchema,
  type SocketFailure,
  socketFailureSchema,
  type SocketReply,
} from './socket-reply';
export {
  type RaceStanding,
  raceStandingSchema,
  type Standing,
  standingSchema,
  type UnrankedReason,
  unrankedReasonSchema,
} from './standing';
export { type Timestamp, timestampSchema } from './timestamp';
export { type TypingStats, typingStatsSchema } from './typing-stats';
