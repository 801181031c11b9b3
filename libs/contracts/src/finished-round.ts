import { z } from 'zod';
import { keystrokeSchema } from './keystroke-batch';
import { isPractice, type MatchMode, matchModeSchema } from './match-mode';
import { matchKeySchema } from './match-key';
import { areRanksSound, maxParticipants } from './ranks';
import { passageReferenceSchema } from './passage-reference';
import { standingSchema } from './standing';
import { timestampSchema } from './timestamp';

/** The most keystrokes of one player in one round. */
export const maxRoundKeystrokes = 50_000;

/** A player's result and everything from which it can be computed again. */
const replayedStandingSchema = standingSchema.extend({
  keystrokes: z.array(keystrokeSchema).max(maxRoundKeystrokes),
  /** How many keystrokes the server received when, in their order; in ms after the start. Empty for practice. */
  arrivals: z.array(z.tuple([z.int().min(1), z.int().min(0)]).readonly()).max(maxRoundKeystrokes),
});

export type ReplayedStanding = z.infer<typeof replayedStandingSchema>;

const roundShape = {
  ...matchKeySchema.shape,
  mode: matchModeSchema,
  passage: passageReferenceSchema,
  /** `advance`: whether a word has to be correct before the next one begins. `limitMs`: the end of a timed round. */
  rules: z.strictObject({
    advance: z.enum(['correct', 'any']),
    limitMs: z.int().min(1).max(3_600_000).optional(),
  }),
  startedAt: timestampSchema,
  finishedAt: timestampSchema,
};

/**
 * The body of `POST /v1/matches`: one round of a race, or one practice, as game-service decided it, with the unranked
 * players and the replays.
 */
export const finishedRoundSchema = z
  .strictObject({
    ...roundShape,
    /** Of libs/typing: which rules made statistics out of keystrokes. */
    typingVersion: z.int().min(1).max(10_000),
    players: z.array(replayedStandingSchema).min(1).max(maxParticipants),
  })
  .refine((round) => Date.parse(round.finishedAt) >= Date.parse(round.startedAt), {
    path: ['finishedAt'],
    message: 'must not be before startedAt',
  })
  .refine(({ players }) => new Set(players.map(playerIdOf)).size === players.length, {
    path: ['players'],
    message: 'must name every player once',
  })
  .refine(({ players }) => areRanksSound(players.flatMap(rankOf)), {
    path: ['players'],
    message: 'must be ranked from 1, ties sharing a rank and using up those after it (1, 1, 3)',
  })
  .refine(({ mode, rules }) => areRulesOf(mode, rules), {
    path: ['rules'],
    message:
      'must be those of the mode: a type-race has to be typed correctly, and only waves and time end by a limit',
  })
  .refine(({ mode, players }) => !isPractice(mode) || players.length === 1, {
    path: ['players'],
    message: 'must be one player in practice',
  });

export type FinishedRound = z.infer<typeof finishedRoundSchema>;

/** A match as record-service keeps it, ranked from the replays: the ranked players first, best first. */
export const recordedMatchSchema = z.strictObject({
  ...roundShape,
  players: z.array(standingSchema).min(1).max(maxParticipants),
  recordedAt: timestampSchema,
});

export type RecordedMatch = z.infer<typeof recordedMatchSchema>;

function areRulesOf(
  mode: MatchMode,
  { advance, limitMs }: z.infer<typeof roundShape.rules>,
): boolean {
  const isTimed = mode === 'wave-rush' || mode === 'time';
  return (advance === 'correct') === (mode === 'type-race') && (limitMs !== undefined) === isTimed;
}

function playerIdOf({ playerId }: { playerId: string }): string {
  return playerId;
}

function rankOf({ rank }: { rank: number | null }): { rank: number }[] {
  return rank === null ? [] : [{ rank }];
}
