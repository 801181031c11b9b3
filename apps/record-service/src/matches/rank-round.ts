import {
  type FinishedRound,
  isPractice,
  rankPlaces,
  type ReplayedStanding,
  type Standing,
  type UnrankedReason,
} from '@typerush/contracts';
import { passageOf, type PassageReference } from '@typerush/passages';
import { ServiceError } from '@typerush/service-kit';
import {
  findImplausibilities,
  replay,
  statisticsOf,
  TYPING_VERSION,
  type Words,
  wordsOf,
} from '@typerush/typing';

/** What a player's replay gives. */
export interface RankedPlayer extends Standing {
  /** From the start of the round to its end for this player, in ms. */
  readonly typedMs: number;
}

/** No connection is credited with a longer way; as game-service does it. In ms. */
const LONGEST_WAY_MS = 150;

/**
 * The players of a round, ranked by what their replays give: the claims of the writer only count against a player.
 * @throws ServiceError TYPING_VERSION_UNKNOWN, PASSAGE_UNKNOWN
 */
export function rankRound(round: FinishedRound): RankedPlayer[] {
  if (round.typingVersion !== TYPING_VERSION) {
    throw new ServiceError(
      'TYPING_VERSION_UNKNOWN',
      `The round was typed under version ${round.typingVersion} of the typing rules; this service has version ${TYPING_VERSION}. ` +
        'Nothing was recorded. Deploy record-service before game-service.',
    );
  }
  const words = wordsOfPassage(round);
  const players = round.players.map((player) => computeAgain(round, words, player));
  // A race is won by time, everything else by speed.
  return rankPlaces(players, (one, other) =>
    round.mode === 'type-race'
      ? (one.timeMs ?? Infinity) < (other.timeMs ?? Infinity)
      : one.wpm > other.wpm,
  );
}

function wordsOfPassage({ passage }: FinishedRound): Words {
  try {
    return wordsOf(passageOf(passage as PassageReference).text);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ServiceError('PASSAGE_UNKNOWN', `${cause.message} Nothing was recorded.`, { cause });
  }
}

function computeAgain(
  { mode, rules }: FinishedRound,
  words: Words,
  player: ReplayedStanding,
): RankedPlayer {
  const { keystrokes, arrivals, playerId, name, isBot, timeMs } = player;
  const statistics = statisticsOf(words, rules, keystrokes);
  const { finishedAtMs, elapsedMs } = replay(words, rules, keystrokes);
  const found: UnrankedReason[] = isBot
    ? ['bot']
    : findImplausibilities(
        statistics,
        keystrokes,
        arrivals.map(([count, receivedMs]) => ({ keystrokes: count, receivedMs })),
      );
  if (mode === 'open') found.push('open-ended');
  const endsByText = mode === 'type-race' || mode === 'words' || mode === 'quote';
  const hasEnded = finishedAtMs !== undefined || isBot || player.unranked.includes('left');
  if (endsByText && !hasEnded) found.push('unfinished');
  const isSame =
    (Object.keys(statistics.characters) as (keyof typeof statistics.characters)[]).every(
      (kind) => statistics.characters[kind] === player.characters[kind],
    ) &&
    (['wpm', 'raw', 'accuracy', 'consistency'] as const).every(
      (value) => statistics[value] === player[value],
    ) &&
    (isPractice(mode) ? timeMs === (finishedAtMs ?? null) : isTimeSound(player, finishedAtMs));
  if (!isSame) found.push('replay-differs');
  return {
    playerId,
    name,
    isBot,
    rank: null,
    unranked: [...new Set([...player.unranked, ...found])],
    timeMs,
    ...statistics,
    typedMs: finishedAtMs ?? rules.limitMs ?? elapsedMs,
  };
}

/** The official time is that of the last arrival, less the way that the connection is credited with. */
function isTimeSound(
  { arrivals, keystrokes, timeMs }: ReplayedStanding,
  finishedAtMs: number | undefined,
): boolean {
  if (arrivals.reduce((sum, [count]) => sum + count, 0) !== keystrokes.length) return false;
  if (timeMs === null || finishedAtMs === undefined) {
    return timeMs === null && finishedAtMs === undefined;
  }
  const receivedMs = arrivals.at(-1)?.[1] ?? 0;
  // Both were rounded.
  return timeMs <= receivedMs + 1 && timeMs >= Math.max(0, receivedMs - LONGEST_WAY_MS - 1);
}
