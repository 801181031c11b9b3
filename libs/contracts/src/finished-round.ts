import { z } from 'zod';
import { type FinishedMatch, matchSchema } from './finished-match';
import { keystrokeSchema } from './keystroke-batch';
import { maxParticipants } from './participant';
import { standingSchema } from './standing';

/** A player's result and everything from which it can be computed again. */
const replayedStandingSchema = standingSchema.extend({
  keystrokes: z.array(keystrokeSchema).max(100_000),
  /** How many keystrokes the server received when, in their order; in ms after the start. */
  arrivals: z.array(z.tuple([z.int().min(1), z.int()]).readonly()),
});

/** One round as the server decided it, with the unranked players and the replays. */
export const finishedRoundSchema = matchSchema.omit({ participants: true }).extend({
  /** Of libs/typing: which rules made statistics out of keystrokes. */
  typingVersion: z.int().min(1),
  rules: z.strictObject({
    advance: z.enum(['correct', 'any']),
    limitMs: z.int().min(1).optional(),
  }),
  players: z.array(replayedStandingSchema).min(1).max(maxParticipants),
});

export type FinishedRound = z.infer<typeof finishedRoundSchema>;

/** The match of the ranked players; undefined if there is none. */
export function finishedMatchOf(round: FinishedRound): FinishedMatch | undefined {
  const { raceId, mode, passage, startedAt, finishedAt, players } = round;
  const participants = players.flatMap((player) => {
    const { playerId, name, rank, wpm, raw, accuracy, consistency, characters } = player;
    return rank === null
      ? []
      : [{ playerId, name, rank, wpm, raw, accuracy, consistency, characters }];
  });
  if (participants.length === 0) return undefined;
  return { raceId, round: round.round, mode, passage, startedAt, finishedAt, participants };
}
