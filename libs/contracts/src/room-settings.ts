import { z } from 'zod';
import { gameSettingsSchema } from './game-settings';
import { maxParticipants } from './ranks';

/** What the host decides. Quick match seats players in rooms that are public. */
export const roomSettingsSchema = z.strictObject({
  seats: z.int().min(2).max(maxParticipants),
  isPublic: z.boolean(),
  game: gameSettingsSchema,
});

export type RoomSettings = z.infer<typeof roomSettingsSchema>;
