import { z } from 'zod';
import { maxParticipants } from './ranks';
import { playerIdSchema } from './player-id';
import { playerNameSchema } from './player-name';
import { raceSnapshotSchema, roomSequenceSchema } from './race';
import { roomCodeSchema } from './room-code';
import { roomSettingsSchema } from './room-settings';

export const roomPlayerSchema = z.strictObject({
  playerId: playerIdSchema,
  name: playerNameSchema,
  isBot: z.boolean(),
  isReady: z.boolean(),
  /** False while the seat is kept for a player whose connection is lost. */
  isConnected: z.boolean(),
});

export type RoomPlayer = z.infer<typeof roomPlayerSchema>;

/** Everything about a room; sent whole when something but the race changes. */
export const roomSnapshotSchema = z.strictObject({
  sequence: roomSequenceSchema,
  code: roomCodeSchema,
  settings: roomSettingsSchema,
  hostId: playerIdSchema,
  players: z.array(roomPlayerSchema).min(1).max(maxParticipants),
  race: raceSnapshotSchema.nullable(),
});

export type RoomSnapshot = z.infer<typeof roomSnapshotSchema>;

/** Why a player's seat is gone. */
export const removedSchema = z.strictObject({
  reason: z.enum(['kicked', 'disconnected', 'resumed-elsewhere']),
});

export type Removed = z.infer<typeof removedSchema>;
