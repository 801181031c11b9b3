import { z } from 'zod';
import { PipelineError } from './pipeline-error';

type Variables = Readonly<Record<string, string | undefined>>;

export interface PipelineEnvironment {
  /** Everything that was set: what programs started from here get. */
  readonly variables: Variables;
  /** Where ecr-local listens on 127.0.0.1. */
  readonly ecrLocalPort: number;
  /** Left to the AWS SDK's own configuration where no variable says it. */
  readonly region?: string;
  /** The commit as a CI system tells it, for a build whose source came without `.git`. */
  readonly ciCommit?: string;
}

const text = z
  .string()
  .optional()
  .transform((value) => value || undefined);

const schema = z.object({
  ECR_LOCAL_PORT: text.transform((value) => Number(value ?? 5100)).pipe(z.int().min(1).max(65535)),
  AWS_REGION: text,
  AWS_DEFAULT_REGION: text,
  CODEBUILD_RESOLVED_SOURCE_VERSION: text,
  GITHUB_SHA: text,
});

/** @throws PipelineError `ENVIRONMENT_INVALID` */
export function readEnvironment(variables: Variables): PipelineEnvironment {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    throw new PipelineError(
      'ENVIRONMENT_INVALID',
      `ECR_LOCAL_PORT is "${variables['ECR_LOCAL_PORT']}": set it to a port from 1 to 65535, or leave it out for 5100.`,
    );
  }
  const { data } = parsed;
  return {
    variables,
    ecrLocalPort: data.ECR_LOCAL_PORT,
    region: data.AWS_REGION ?? data.AWS_DEFAULT_REGION,
    ciCommit: data.CODEBUILD_RESOLVED_SOURCE_VERSION ?? data.GITHUB_SHA,
  };
}
