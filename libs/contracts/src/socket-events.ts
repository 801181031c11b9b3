import { type ClockReading, type ClockRequest } from './clock';
import {
  type KeystrokeBatch,
  type KeystrokeReceipt,
  type KeystrokesRefused,
} from './keystroke-batch';
import {
  type Aborted,
  type Countdown,
  type Finish,
  type RaceResult,
  type Resend,
  type RoundResult,
  type Tick,
} from './race';
import { type RoundRecord } from './record-state';
import { type Removed, type RoomSnapshot } from './room';
import {
  type AddBotRequest,
  type ConfigureRequest,
  type CreateRoomRequest,
  type EmptyRequest,
  type JoinRoomRequest,
  type KickRequest,
  type ReadyRequest,
  type Resumed,
  type ResumeRequest,
  type Seat,
} from './room-requests';
import { type SocketReply } from './socket-reply';

type Answered<Request, Result> = (
  request: Request,
  acknowledge: (reply: SocketReply<Result>) => void,
) => void;

type Done = Record<never, never>;

/** What a client may send; each is answered through its acknowledgement, if it has to have one. */
export interface ClientToServerEvents {
  clock: Answered<ClockRequest, ClockReading>;

  'create-room': Answered<CreateRoomRequest, Seat>;
  'join-room': Answered<JoinRoomRequest, Seat>;
  /** A seat in the fullest public room that has one, or in a new one. */
  'quick-match': Answered<EmptyRequest, Seat>;
  /** Takes the seat over for this connection. */
  resume: Answered<ResumeRequest, Resumed>;
  'leave-room': Answered<EmptyRequest, Done>;

  ready: Answered<ReadyRequest, Done>;
  /** After a race: this player wants another one, which begins when everybody does. */
  rematch: Answered<EmptyRequest, Done>;

  /** By the host. */
  configure: Answered<ConfigureRequest, Done>;
  start: Answered<EmptyRequest, Done>;
  abort: Answered<EmptyRequest, Done>;
  kick: Answered<KickRequest, Done>;
  'add-bot': Answered<AddBotRequest, Done>;

  /**
   * Usually sent without an acknowledgement, which would be a message for each batch: ticks carry what was accepted, and
   * `keystrokes-refused` what was not.
   */
  keystrokes: (
    batch: KeystrokeBatch,
    acknowledge?: (reply: SocketReply<KeystrokeReceipt>) => void,
  ) => void;
}

/** What the server sends of its own accord. */
export interface ServerToClientEvents {
  /** Players, host or settings have changed. */
  room: (room: RoomSnapshot) => void;
  countdown: (round: Countdown) => void;
  tick: (tick: Tick) => void;
  finish: (finish: Finish) => void;
  'round-result': (result: RoundResult) => void;
  'race-result': (result: RaceResult) => void;
  /** What becomes of the result of a round, as it changes. */
  record: (record: RoundRecord) => void;
  aborted: (aborted: Aborted) => void;
  resend: (resend: Resend) => void;
  /** To the player who has sent a batch without an acknowledgement. */
  'keystrokes-refused': (refused: KeystrokesRefused) => void;
  /** To a player who has no seat any more, or whose seat another connection has taken over. */
  removed: (removed: Removed) => void;
  /** This instance is going down; the connection ends next, and the client may connect again. */
  stopping: () => void;
}
