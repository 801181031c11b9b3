import * as z from 'zod';

/** The environment that an image is pushed to. `local` is ecr-local, and behaves as `dev` for tags and mutability. */
export const environments = ['local', 'dev', 'staging', 'prod'] as const;

export const environmentSchema = z.enum(environments, {
  error: `an environment is one of ${environments.join(', ')}`,
});

export type Environment = z.infer<typeof environmentSchema>;
