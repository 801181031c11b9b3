import { z } from 'zod';
import { keystrokeSchema } from './keystroke-batch';
import { matchKeySchema } from './match-key';
import { passageReferenceSchema } from './passage-reference';
import { standingSchema } from './standing';
import { timestampSchema } from './timestamp';
import { wordListSchema } from './game-settings';

const options = { list: wordListSchema, punctuation: z.boolean(), numbers: z.boolean() };

/** What is practised. The server chooses the text, so that a player cannot. */
export const practiceSettingsSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('time'),
    ...options,
    seconds: z.union([z.literal(15), z.literal(30), z.literal(60), z.literal(120)]),
  }),
  z.strictObject({
    mode: z.literal('words'),
    ...options,
    words: z.union([z.literal(10), z.literal(25), z.literal(50), z.literal(100)]),
  }),
  z.strictObject({ mode: z.literal('quote') }),
  /** Ends when the player ends it; never ranked. */
  z.strictObject({ mode: z.literal('open'), ...options }),
]);

export type PracticeSettings = z.infer<typeof practiceSettingsSchema>;

/** The body of `POST /api/practice`. */
export const practiceRequestSchema = z.strictObject({ settings: practiceSettingsSchema });

export type PracticeRequest = z.infer<typeof practiceRequestSchema>;

/** The response of `POST /api/practice`: a text, and the right to send one result for it. */
export const practiceSchema = z.strictObject({
  /** Proves which text this player was given when. */
  token: z.string().min(1).max(4_096),
  passage: passageReferenceSchema,
  rules: z.strictObject({
    advance: z.literal('any'),
    limitMs: z.int().min(1).optional(),
  }),
  expiresAt: timestampSchema,
});

export type Practice = z.infer<typeof practiceSchema>;

/** The most keystrokes of one practice. */
export const maxPracticeKeystrokes = 20_000;

/**
 * The body of `POST /api/practice/results`. The first keystroke's time is since the start of the round: 0 if typing starts
 * it, as on the page.
 */
export const practiceResultRequestSchema = z.strictObject({
  token: z.string().min(1).max(4_096),
  keystrokes: z.array(keystrokeSchema).min(1).max(maxPracticeKeystrokes),
});

export type PracticeResultRequest = z.infer<typeof practiceResultRequestSchema>;

/** The response of `POST /api/practice/results`: what the server made of the keystrokes. */
export const practiceResultSchema = z.strictObject({
  ...matchKeySchema.shape,
  standing: standingSchema,
  /** Whether it will be in the records; false without a record-service. */
  recorded: z.boolean(),
});

export type PracticeResult = z.infer<typeof practiceResultSchema>;
