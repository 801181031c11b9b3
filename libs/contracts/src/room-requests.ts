import { z } from 'zod';
import { keystrokeSchema } from './keystroke-batch';
import { matchKeySchema } from './match-key';
import { playerIdSchema } from './player-id';
import { roomCodeSchema } from './room-code';
import { roomSettingsSchema } from './room-settings';
import { roomSnapshotSchema } from './room';

/** What needs no more than its name: quick-match, leave, start, abort, rematch. */
export const emptyRequestSchema = z.strictObject({});

export type EmptyRequest = z.infer<typeof emptyRequestSchema>;

export const createRoomRequestSchema = z.strictObject({ settings: roomSettingsSchema });

export type CreateRoomRequest = z.infer<typeof createRoomRequestSchema>;

export const joinRoomRequestSchema = z.strictObject({ code: roomCodeSchema });

export type JoinRoomRequest = z.infer<typeof joinRoomRequestSchema>;

export const readyRequestSchema = z.strictObject({ isReady: z.boolean() });

export type ReadyRequest = z.infer<typeof readyRequestSchema>;

export const configureRequestSchema = createRoomRequestSchema;

export type ConfigureRequest = z.infer<typeof configureRequestSchema>;

export const kickRequestSchema = z.strictObject({ playerId: playerIdSchema });

export type KickRequest = z.infer<typeof kickRequestSchema>;

/** How fast a bot types, and which share of its keystrokes is wrong (it corrects them). */
export const addBotRequestSchema = z.strictObject({
  wpm: z.int().min(10).max(250),
  errorRate: z.number().min(0).max(0.3),
});

export type AddBotRequest = z.infer<typeof addBotRequestSchema>;

/** 128 random bits in hexadecimal. Given to the player alone; with it, a new connection takes the seat over. */
export const resumeTokenSchema = z.string().regex(/^[0-9a-f]{32}$/);

export const resumeRequestSchema = z.strictObject({
  code: roomCodeSchema,
  resumeToken: resumeTokenSchema,
});

export type ResumeRequest = z.infer<typeof resumeRequestSchema>;

/** A seat in a room. */
export const seatSchema = z.strictObject({
  room: roomSnapshotSchema,
  resumeToken: resumeTokenSchema,
});

export type Seat = z.infer<typeof seatSchema>;

/** A seat taken again. `typed` is what the server has accepted from this player in the current round. */
export const resumedSchema = z.strictObject({
  room: roomSnapshotSchema,
  typed: z
    .strictObject({
      ...matchKeySchema.shape,
      /** The last acknowledged batch: those after it are to be sent again. */
      seq: z.int().min(0),
      keystrokes: z.array(keystrokeSchema),
    })
    .nullable(),
});

export type Resumed = z.infer<typeof resumedSchema>;
