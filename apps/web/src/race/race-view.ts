import {
  type Aborted,
  type Finish,
  type RaceResult,
  type Removed,
  type RoomSnapshot,
  type Round,
  type RoundRecord,
  type RoundResult,
} from '@typerush/contracts';
import { type Failure } from '../app/failure';
import { type Notice } from './notice';

/** What a player sees of a room. Positions are not in it: they change ten times a second. */
export interface RaceView {
  readonly connection: 'connecting' | 'connected' | 'lost';
  readonly room: RoomSnapshot | undefined;
  /** Announced or running; the last one while its result is shown. */
  readonly round: Round | undefined;
  readonly isRoundOver: boolean;
  /** When each player finished the round, in ms after its start. */
  readonly finished: Readonly<Record<string, number>>;
  readonly roundResults: readonly RoundResult[];
  readonly raceResult: RaceResult | undefined;
  /** What becomes of the result of each round. */
  readonly records: Readonly<Record<number, RoundRecord['state']>>;
  readonly notice: Notice | undefined;
  /** Why there is no room, and the player has to choose how to continue. */
  readonly failure: Failure | undefined;
}

export const firstView: RaceView = {
  connection: 'connecting',
  room: undefined,
  round: undefined,
  isRoundOver: true,
  finished: {},
  roundResults: [],
  raceResult: undefined,
  records: {},
  notice: undefined,
  failure: undefined,
};

export type RaceEvent =
  | { readonly type: 'connected' | 'lost' | 'stopping' | 'seat-lost' | 'left' | 'lobby' }
  | { readonly type: 'room' | 'resumed' | 'seated'; readonly room: RoomSnapshot }
  | { readonly type: 'countdown'; readonly round: Round }
  | { readonly type: 'finish'; readonly finish: Finish }
  | { readonly type: 'round-result'; readonly result: RoundResult }
  | { readonly type: 'race-result'; readonly result: RaceResult }
  | { readonly type: 'record'; readonly record: RoundRecord }
  | { readonly type: 'aborted'; readonly aborted: Aborted }
  | { readonly type: 'removed'; readonly removed: Removed }
  | { readonly type: 'refused' | 'failed'; readonly failure: Failure };

const removals: Readonly<Record<Removed['reason'], Failure>> = {
  kicked: { code: 'KICKED', message: 'The host has removed you from the room.' },
  disconnected: {
    code: 'SEAT_LOST',
    message: 'You were away for too long: your seat was given up.',
  },
  'resumed-elsewhere': {
    code: 'RESUMED_ELSEWHERE',
    message: 'Your seat is used in another window now.',
  },
};

/** The view after an event. Pure. */
export function raceView(view: RaceView, event: RaceEvent): RaceView {
  switch (event.type) {
    case 'connected':
      return { ...view, connection: 'connected' };
    case 'lost':
      return { ...view, connection: 'lost' };
    case 'stopping':
      return { ...view, notice: { type: 'stopping' } };
    case 'seated':
      return { ...firstView, connection: view.connection, ...inRoom(event.room) };
    case 'room':
      return { ...view, ...newHost(view, event.room), room: event.room };
    case 'resumed':
      return {
        ...view,
        connection: 'connected',
        failure: undefined,
        ...newHost(view, event.room),
        ...inRoom(event.room, view),
      };
    case 'seat-lost':
      return without(view, removals.disconnected);
    case 'left':
      return { ...firstView, connection: view.connection };
    case 'lobby':
      return { ...view, ...noRace, notice: undefined };
    case 'countdown':
      return begin(view, event.round);
    case 'finish':
      return {
        ...view,
        finished: { ...view.finished, [event.finish.playerId]: event.finish.timeMs },
      };
    case 'round-result':
      return { ...view, isRoundOver: true, roundResults: [...view.roundResults, event.result] };
    case 'race-result':
      return { ...view, isRoundOver: true, raceResult: event.result };
    case 'record':
      return event.record.raceId === view.round?.raceId
        ? { ...view, records: { ...view.records, [event.record.round]: event.record.state } }
        : view;
    case 'aborted':
      return { ...view, ...noRace, notice: { type: 'aborted', reason: event.aborted.reason } };
    case 'removed':
      return without(view, removals[event.removed.reason] ?? removals.disconnected);
    case 'refused':
      return { ...view, notice: { type: 'refused', message: event.failure.message } };
    case 'failed':
      return { ...view, failure: event.failure };
  }
}

const noRace = {
  round: undefined,
  isRoundOver: true,
  finished: {},
  roundResults: [],
  raceResult: undefined,
  records: {},
} as const;

function begin(view: RaceView, round: Round): RaceView {
  const isSameRace = view.round?.raceId === round.raceId;
  return {
    ...view,
    round,
    isRoundOver: false,
    finished: {},
    roundResults: isSameRace ? view.roundResults : [],
    records: isSameRace ? view.records : {},
    raceResult: undefined,
    notice: undefined,
  };
}

/** A snapshot: of a race that runs it has everything but the results before. */
function inRoom(room: RoomSnapshot, view?: RaceView): Partial<RaceView> {
  const { race } = room;
  if (!race) return view && !view.isRoundOver ? { room, ...noRace } : { room };
  const finished = Object.fromEntries(
    race.finished.map(({ playerId, timeMs }) => [playerId, timeMs]),
  );
  return { room, round: race, isRoundOver: false, finished, raceResult: undefined };
}

const without = (view: RaceView, failure: Failure): RaceView => ({
  ...firstView,
  connection: view.connection,
  failure,
});

function newHost({ room: before }: RaceView, { hostId }: RoomSnapshot): Partial<RaceView> {
  return !before || before.hostId === hostId ? {} : { notice: { type: 'host', playerId: hostId } };
}
