export {
  type ClockReading,
  clockReadingSchema,
  type ClockRequest,
  clockRequestSchema,
} from './clock';
export { type Board, type BoardId, boardIdSchema, boardOf, boardSchema } from './board';
export { boardIdOf, boardIdPattern, boardOfMatch, boardPartsOf } from './board-id';
export { type ErrorBody, errorBodySchema } from './error-body';
export {
  type FinishedRound,
  finishedRoundSchema,
  maxRoundKeystrokes,
  type RecordedMatch,
  recordedMatchSchema,
  type ReplayedStanding,
} from './finished-round';
export { type GameMode, gameModeSchema } from './game-mode';
export { type GameSettings, gameSettingsSchema, wordListSchema } from './game-settings';
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
  type KeystrokesRefused,
  keystrokesRefusedSchema,
  maxBatchKeystrokes,
} from './keystroke-batch';
export {
  type AroundRequest,
  aroundRequestSchema,
  type BestResult,
  bestResultSchema,
  type LeaderboardEntry,
  leaderboardEntrySchema,
  type LeaderboardPage,
  leaderboardPageSchema,
  type LeaderboardRequest,
  leaderboardRequestSchema,
  type Period,
  periodSchema,
} from './leaderboard';
export { type MatchKey, matchKeySchema } from './match-key';
export {
  isPractice,
  type MatchMode,
  matchModeSchema,
  type PracticeMode,
  practiceModeSchema,
} from './match-mode';
export { cursorSchema, maxPageSize, type PageRequest, pageRequestSchema } from './page';
export { type PassageReference, passageReferenceSchema } from './passage-reference';
export { type PlayerId, playerIdSchema } from './player-id';
export {
  type HistoryPage,
  historyPageSchema,
  type HistoryRequest,
  historyRequestSchema,
  type PersonalBests,
  personalBestsSchema,
  type Profile,
  profileSchema,
} from './player-records';
export { type PlayerName, playerNameSchema } from './player-name';
export {
  maxPracticeKeystrokes,
  type Practice,
  type PracticeRequest,
  practiceRequestSchema,
  type PracticeResult,
  type PracticeResultRequest,
  practiceResultRequestSchema,
  practiceResultSchema,
  practiceSchema,
  type PracticeSettings,
  practiceSettingsSchema,
} from './practice';
export { type ProblemDetails, problemDetailsSchema } from './problem-details';
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
export { areRanksSound, maxParticipants, rankPlaces } from './ranks';
export {
  type RecordState,
  recordStateSchema,
  type RoundRecord,
  roundRecordSchema,
} from './record-state';
export { type AccountRecords, accountRecordsSchema, type Records, recordsSchema } from './records';
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
