import { z } from 'zod';
import { readCi, type CiEnvironment } from './ci-environment';
import { PipelineError } from './pipeline-error';

type Variables = Readonly<Record<string, string | undefined>>;

export interface PipelineEnvironment {
  /** Everything that was set, less the signing key: what programs started from here get. */
  readonly variables: Variables;
  /** Where ecr-local listens on 127.0.0.1. */
  readonly ecrLocalPort: number;
  /** Left to the AWS SDK's own configuration where no variable says it. */
  readonly region?: string;
  readonly ci: CiEnvironment;
  /** A file that GitHub shows as Markdown on the page of the run. */
  readonly stepSummary?: string;
  /** PEM, or the path of a PEM file. */
  readonly signingKey?: string;
}

const text = z
  .string()
  .optional()
  .transform((value) => value || undefined);

const schema = z.object({
  ECR_LOCAL_PORT: text.transform((value) => Number(value ?? 5100)).pipe(z.int().min(1).max(65535)),
  AWS_REGION: text,
  AWS_DEFAULT_REGION: text,
  GITHUB_STEP_SUMMARY: text,
});

/** @throws PipelineError `ENVIRONMENT_INVALID` */
export function readEnvironment(all: Variables): PipelineEnvironment {
  const parsed = schema.safeParse(all);
  const { IMAGE_SIGNING_KEY: signingKey, ...variables } = all;
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
    ci: readCi(variables),
    stepSummary: data.GITHUB_STEP_SUMMARY,
    signingKey: signingKey || undefined,
  };
}
