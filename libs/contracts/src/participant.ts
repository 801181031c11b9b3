import { z } from 'zod';
import { playerIdSchema } from './player-id';
import { playerNameSchema } from './player-name';
import { typingStatsSchema } from './typing-stats';

/** The maximum number of players in a race. */
export const maxParticipants = 8;

/** A player in a finished match. `name` is the name at that time. */
export const participantSchema = z.strictObject({
  playerId: playerIdSchema,
  name: playerNameSchema,
  rank: z.int().min(1).max(maxParticipants),
  ...typingStatsSchema.shape,
});

export type Participant = z.infer<typeof participantSchema>;

/** Ties share a rank and use up the ranks after it: 1, 1, 3 is sound, 1, 1, 2 and 2, 3 are not. */
export function areRanksSound(participants: readonly Pick<Participant, 'rank'>[]): boolean {
  return participants.every(
    ({ rank }) => rank === 1 + participants.filter((other) => other.rank < rank).length,
  );
}
