import { type Commit, type TagSource } from '@typerush/image-registry';
import { lastLines, runCommand } from '@typerush/child-process';
import { type PipelineEnvironment } from './pipeline-environment';
import { PipelineError } from './pipeline-error';

/** The commit of a push, and what tag templates may contain. */
export interface Source {
  readonly commit: Commit;
  readonly tags: TagSource;
}

/**
 * From Git, or from CI variables if there is no repository. The branch of CI has precedence: CI checks out commits.
 * @param project Git tags of other projects are ignored.
 * @throws PipelineError `COMMIT_UNKNOWN`
 */
export async function readSource(
  root: string,
  environment: PipelineEnvironment,
  project: string,
): Promise<Source> {
  const git = (...args: string[]) =>
    runCommand('git', args, { cwd: root, env: environment.variables });
  const [status, tags] = await Promise.all([
    git('status', '--porcelain=v2', '--branch'),
    git('tag', '--points-at', 'HEAD', '--sort=-version:refname'),
  ]);
  const { commit: ciCommit, source: ci } = environment.ci;
  const sha = /^# branch\.oid ([0-9a-f]{7,64})$/m.exec(status.stdout)?.[1];
  if (!sha && !ciCommit) {
    throw unknownCommit(root, status.code === 0 ? 'no commits yet' : lastLines(status, 1));
  }
  const branch = /^# branch\.head (.+)$/m.exec(status.stdout)?.[1];
  // Git prints `(detached)` for a detached HEAD.
  const checkedOut = branch === '(detached)' || ci.run ? undefined : branch;
  return {
    commit: sha
      ? { sha, dirty: /^[^#]/m.test(status.stdout) }
      : { sha: ciCommit ?? '', dirty: false },
    tags: {
      ...ci,
      branch: ci.branch ?? checkedOut,
      gitTag: gitTagOf(tags.stdout.split('\n').filter(Boolean), project) ?? ci.gitTag,
    },
  };
}

/** A Git tag of Nx Release, such as `service@1.2.3`, belongs to that project; one without a project belongs to all. */
function gitTagOf(tags: readonly string[], project: string): string | undefined {
  const own = `${project}@`;
  const ofProject = tags.find((tag) => tag.startsWith(own));
  return ofProject?.slice(own.length) ?? tags.find((tag) => !tag.includes('@'));
}

const unknownCommit = (root: string, reason: string) =>
  new PipelineError(
    'COMMIT_UNKNOWN',
    `Cannot derive image tags: ${root} is not a Git repository with at least one commit (git: ${reason}).\n` +
      'Fix: run this in a clone with at least one commit,\n' +
      '     or set GITHUB_SHA (or CODEBUILD_RESOLVED_SOURCE_VERSION) to the commit id.',
  );
