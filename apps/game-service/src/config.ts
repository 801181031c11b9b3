import { durationVariable, serviceVariables } from '@typerush/service-kit';
import { z } from 'zod';

const minute = 60_000;

/** The whole environment of the service; `.env.example` is tested against it. Durations are milliseconds. */
export const configSchema = z
  .object({
    ...serviceVariables({ port: 3000 }),
    /** How long races may take to end; those that run longer are aborted. */
    SHUTDOWN_LIMIT: durationVariable(2 * minute, { minMs: 100, maxMs: 5 * minute }),
    SESSION_SECRET: z
      .string()
      .min(32, 'is too short')
      .describe('at least 32 random characters, such as the output of: openssl rand -base64 32'),
    SESSION_TTL: durationVariable(12 * 60 * minute, { minMs: minute, maxMs: 7 * 24 * 60 * minute }),
    SESSIONS_PER_MINUTE: wholeNumber(30, { least: 1, most: 1_000_000 }),
    TRUSTED_PROXIES: wholeNumber(0, { least: 0, most: 10 }),
    RECORD_SERVICE_URL: z
      .url({ protocol: /^https?$/, error: 'is not an http URL' })
      .optional()
      .describe('the URL of record-service, such as http://127.0.0.1:3001, or leave it out'),
    SERVICE_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]{32,256}$/, 'is not 32 to 256 printable characters without spaces')
      .optional()
      .describe('the SERVICE_TOKEN of record-service, which RECORD_SERVICE_URL needs'),
    OUTBOX_DIR: z
      .string()
      .trim()
      .default('.outbox/game-service')
      .describe('a folder that this user may write, or "memory" if results may be lost'),
    OUTBOX_LIMIT_MB: wholeNumber(256, { least: 1, most: 100_000 }),
  })
  .refine(({ RECORD_SERVICE_URL: url, SERVICE_TOKEN: token }) => !url || token, {
    path: ['SERVICE_TOKEN'],
  });

export type Config = z.infer<typeof configSchema>;

function wholeNumber(defaultValue: number, { least, most }: { least: number; most: number }) {
  return z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, 'is out of range')
    .default(defaultValue)
    .describe(`a whole number from ${least} to ${most}, or leave it out for ${defaultValue}`);
}
