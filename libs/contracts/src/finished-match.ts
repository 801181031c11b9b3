import { z } from 'zod';
import { gameModeSchema } from './game-mode';
import { matchKeySchema } from './match-key';
import { areRanksSound, maxParticipants, participantSchema } from './participant';
import { passageReferenceSchema } from './passage-reference';
import { timestampSchema } from './timestamp';

export const matchSchema = z.strictObject({
  ...matchKeySchema.shape,
  mode: gameModeSchema,
  passage: passageReferenceSchema,
  startedAt: timestampSchema,
  finishedAt: timestampSchema,
  participants: z.array(participantSchema).min(1).max(maxParticipants),
});

/** The body that writes a match: one round of a race, as the server decided it. */
export const finishedMatchSchema = matchSchema
  .refine((match) => Date.parse(match.finishedAt) >= Date.parse(match.startedAt), {
    path: ['finishedAt'],
    message: 'must not be before startedAt',
  })
  .refine(
    ({ participants }) => new Set(participants.map(playerIdOf)).size === participants.length,
    {
      path: ['participants'],
      message: 'must name every player once',
    },
  )
  .refine((match) => areRanksSound(match.participants), {
    path: ['participants'],
    message: 'must be ranked from 1, ties sharing a rank and using up those after it (1, 1, 3)',
  });

export type FinishedMatch = z.infer<typeof finishedMatchSchema>;

/** A match as it is read back, best rank first. */
export const recordedMatchSchema = matchSchema.extend({ recordedAt: timestampSchema });

export type RecordedMatch = z.infer<typeof recordedMatchSchema>;

function playerIdOf({ playerId }: { playerId: string }): string {
  return playerId;
}
