import { matchKeySchema } from '@typerush/contracts';
import { z } from 'zod';

/** A match's key as the two parameters of a path. */
export const matchParametersSchema = z
  .strictObject({
    raceId: z.string(),
    round: z.string().regex(/^\d{1,3}$/, 'must be a whole number'),
  })
  .transform(({ raceId, round }) => ({ raceId, round: Number(round) }))
  .pipe(matchKeySchema);
