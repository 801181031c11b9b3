import { z } from 'zod';

/** Without look-alikes: no 0 O, 1 I L, 2 Z, 5 S, 8 B. */
export const roomCodeAlphabet = 'ACDEFGHJKMNPQRTUVWXY34679';

/** By what a room is joined; entered in either case. */
export const roomCodeSchema = z
  .string()
  .max(20)
  .trim()
  .toUpperCase()
  .regex(new RegExp(`^[${roomCodeAlphabet}]{6}$`));

export type RoomCode = z.infer<typeof roomCodeSchema>;
