import {
  type FinishedRound,
  rankPlaces,
  type ReplayedStanding,
  type Session,
  type UnrankedReason,
} from '@typerush/contracts';
import { passageOf } from '@typerush/passages';
import { ServiceError } from '@typerush/service-kit';
import {
  findImplausibilities,
  type Keystroke,
  MAX_ROUND_MS,
  startTyping,
  statisticsOf,
  step,
  TYPING_VERSION,
  type TypingRules,
  type Words,
  wordsOf,
} from '@typerush/typing';
import { type PracticeTicket } from './practice-tickets';

/** How far a client's clock may gain on the server's in one practice. */
const AHEAD_MS = 250;

/** As of races: keystrokes that may come at once, and those of each second. */
const BURST_KEYSTROKES = 80;
const KEYSTROKES_PER_SECOND = 40;

/**
 * The round of a practice that has just ended, ranked if a person can have typed it.
 *
 * @throws ServiceError TOO_LATE, AHEAD_OF_TIME, TOO_FAST, ALREADY_FINISHED for keystrokes that are impossible
 */
export function judgePractice(
  ticket: PracticeTicket,
  player: Pick<Session, 'playerId' | 'name'>,
  keystrokes: readonly Keystroke[],
  now: number,
): FinishedRound {
  const { mode, passage, rules, raceId, issuedAt } = ticket;
  const typedMs = keystrokes.reduce((sum, [dtMs]) => sum + dtMs, 0);
  requirePossible(keystrokes.length, typedMs, rules.limitMs ?? MAX_ROUND_MS, now - issuedAt);
  const words = wordsOf(passageOf(passage).text);
  const finishedAtMs = finishOf(words, rules, keystrokes);
  const statistics = statisticsOf(words, rules, keystrokes);
  const unranked: UnrankedReason[] = findImplausibilities(statistics, keystrokes);
  if (mode === 'open') unranked.push('open-ended');
  const endsByText = mode === 'words' || mode === 'quote';
  if (endsByText && finishedAtMs === undefined) unranked.push('unfinished');
  const { playerId, name } = player;
  const standing: ReplayedStanding = {
    ...{ playerId, name, isBot: false, rank: null, unranked },
    timeMs: finishedAtMs ?? null,
    ...statistics,
    keystrokes: [...keystrokes],
    arrivals: [],
  };
  const finishedAt = Math.floor(now);
  return {
    ...{ raceId, round: 1, mode, passage, rules, typingVersion: TYPING_VERSION },
    startedAt: new Date(
      Math.min(finishedAt, Math.max(issuedAt, finishedAt - typedMs)),
    ).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    players: rankPlaces([standing], () => false),
  };
}

/** When the text was complete. */
function finishOf(
  words: Words,
  rules: TypingRules,
  keystrokes: readonly Keystroke[],
): number | undefined {
  let state = startTyping(words, rules);
  for (const keystroke of keystrokes) {
    if (state.finishedAtMs !== undefined) {
      throw refusal('ALREADY_FINISHED', 'There are keystrokes after the end of the text.');
    }
    state = step(state, keystroke);
  }
  return state.finishedAtMs;
}

function requirePossible(count: number, typedMs: number, limitMs: number, sinceMs: number): void {
  if (typedMs > limitMs)
    throw refusal('TOO_LATE', 'There are keystrokes after the end of the time.');
  if (typedMs > sinceMs + AHEAD_MS) {
    throw refusal('AHEAD_OF_TIME', 'These keystrokes take longer than this text has been known.');
  }
  if (count > BURST_KEYSTROKES + (KEYSTROKES_PER_SECOND * typedMs) / 1_000) {
    throw refusal('TOO_FAST', 'These are more keystrokes than anybody types.');
  }
}

function refusal(code: string, message: string): ServiceError {
  return new ServiceError(code, `${message} Nothing was recorded.`);
}
