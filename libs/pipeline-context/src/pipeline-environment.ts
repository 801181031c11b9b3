import { type Variables } from '@typerush/child-process';
import { type TagSource } from '@typerush/image-registry';
import * as z from 'zod';
import { PipelineError } from './pipeline-error';

/** A run of a CI system, as provenance names it. */
export interface CiRun {
  readonly builderId: string;
  readonly invocationId: string;
  /** The web page of the run. */
  readonly url?: string;
}

interface CiEnvironment {
  /** The commit, for sources without `.git`. */
  readonly commit?: string;
  readonly source: TagSource;
  readonly run?: CiRun;
}

export interface PipelineEnvironment {
  /** All variables except the signing key: the environment of started programs. */
  readonly variables: Variables;
  /** The port of ecr-local on 127.0.0.1. */
  readonly ecrLocalPort: number;
  /** undefined leaves the region to the configuration of the AWS SDK. */
  readonly region?: string;
  readonly ci: CiEnvironment;
  /** A Markdown file that GitHub shows on the page of the run. */
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
      `Invalid ECR_LOCAL_PORT "${variables['ECR_LOCAL_PORT']}".\nFix: set it to a port from 1 to 65535, or unset it for 5100.`,
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

/** From the variables of CodeBuild or GitHub Actions; without them, only the commit. */
function readCi(variables: Variables): CiEnvironment {
  if (variables['CODEBUILD_BUILD_ARN']) return readCodeBuild(variables);
  if (variables['GITHUB_ACTIONS']) return readGitHub(variables);
  return { commit: commitOf(variables), source: {} };
}

const commitOf = (variables: Variables) =>
  variables['CODEBUILD_RESOLVED_SOURCE_VERSION'] || variables['GITHUB_SHA'] || undefined;

/** https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html */
function readCodeBuild(variables: Variables): CiEnvironment {
  const arn = variables['CODEBUILD_BUILD_ARN'] ?? '';
  const [, kind, name] = /^(branch|pr|tag)\/(.+)$/.exec(
    variables['CODEBUILD_WEBHOOK_TRIGGER'] ?? '',
  ) ?? [undefined, undefined, undefined];
  const head = /^refs\/heads\/(.+)$/.exec(variables['CODEBUILD_WEBHOOK_HEAD_REF'] ?? '')?.[1];
  return {
    commit: commitOf(variables),
    source: {
      branch: kind === 'branch' ? (head ?? name) : undefined,
      pr: kind === 'pr' ? name : undefined,
      gitTag: kind === 'tag' ? name : undefined,
      run: variables['CODEBUILD_BUILD_NUMBER'] || undefined,
    },
    run: {
      // The ARN of the project: the ARN of the build without its id.
      builderId: arn.replace(/:build\/([^:]+):.*$/, ':project/$1'),
      invocationId: arn,
      url: variables['CODEBUILD_PUBLIC_BUILD_URL'] || undefined,
    },
  };
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
function readGitHub(variables: Variables): CiEnvironment {
  const ref = variables['GITHUB_REF'] ?? '';
  const server = variables['GITHUB_SERVER_URL'] || 'https://github.com';
  const repository = variables['GITHUB_REPOSITORY'] ?? '';
  const url = `${server}/${repository}/actions/runs/${variables['GITHUB_RUN_ID'] ?? ''}`;
  // Only set for pull requests. For `pull_request_target` it is the only sign of one: the ref is that of the target.
  const isPullRequest = Boolean(variables['GITHUB_HEAD_REF']);
  return {
    commit: commitOf(variables),
    source: {
      branch: isPullRequest ? undefined : /^refs\/heads\/(.+)$/.exec(ref)?.[1],
      pr: /^refs\/pull\/(\d+)\//.exec(ref)?.[1],
      gitTag: /^refs\/tags\/(.+)$/.exec(ref)?.[1],
      run: variables['GITHUB_RUN_NUMBER'] || undefined,
    },
    run: {
      builderId: `${server}/${variables['GITHUB_WORKFLOW_REF'] || repository}`,
      invocationId: `${url}/attempts/${variables['GITHUB_RUN_ATTEMPT'] || '1'}`,
      url,
    },
  };
}
