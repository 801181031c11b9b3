import { durationVariable, serviceVariables } from '@typerush/service-kit';
import { z } from 'zod';

const databaseUrl = z
  .string()
  .trim()
  .refine(
    (text) => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol),
    'is not a PostgreSQL URL',
  )
  .optional()
  .describe(
    'postgresql://user:password@host:5432/database, or leave it out for the embedded database',
  );

const poolSize = z
  .string()
  .trim()
  .regex(/^\d{1,3}$/, 'is not a number of connections')
  .transform(Number)
  .refine((size) => size >= 1 && size <= 200, 'is out of range')
  .default(10)
  .describe('a whole number from 1 to 200');

/** Everything that record-service reads from its environment. */
export const configSchema = z.object({
  ...serviceVariables({ port: 3001 }),
  /** Unset: the embedded database in PGLITE_DIR. */
  DATABASE_URL: databaseUrl,
  DATABASE_POOL_SIZE: poolSize,
  /** How long a start waits for a server that does not answer yet. */
  DATABASE_WAIT: durationVariable(60_000, { maxMs: 3_600_000 }),
  /** Relative to the folder the service is started in. */
  PGLITE_DIR: z.string().trim().default('.pglite/record-service').describe('a folder'),
  /** What a service that writes matches proves itself with. */
  SERVICE_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{32,256}$/, 'is not 32 to 256 printable characters without spaces')
    .refine((token) => !token.startsWith('change-me'), 'is an example, which everybody knows')
    .describe('a random text of 32 characters or more, such as from "openssl rand -hex 32"'),
});

export type Config = z.output<typeof configSchema>;
