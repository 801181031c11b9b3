import { type TagSource } from '@typerush/image-registry';

type Variables = Readonly<Record<string, string | undefined>>;

/** The CI system that this runs in, as provenance names it. */
export interface CiRun {
  readonly builderId: string;
  readonly invocationId: string;
  /** Where a person sees the run. */
  readonly url?: string;
}

export interface CiEnvironment {
  /** The commit, for a build whose source came without `.git`. */
  readonly commit?: string;
  readonly source: TagSource;
  readonly run?: CiRun;
}

/** What GitHub Actions or CodeBuild say in variables about the run; nothing elsewhere. */
export function readCi(variables: Variables): CiEnvironment {
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
      // The project's ARN: that of the build without the build's own id.
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
  // Set for pull requests alone, and with `pull_request_target` the only sign of one: the ref is the target's then.
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
