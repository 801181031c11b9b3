import { type Commit, type TagSource } from '@typerush/image-registry';
import { lastLines, runCommand } from '@typerush/child-process';
import { type PipelineEnvironment } from './pipeline-environment';
import { PipelineError } from './pipeline-error';

/** Where a push comes from. */
export interface Source {
  readonly commit: Commit;
  readonly tags: TagSource;
}

/**
 * What is checked out, or what CI names where the source came without git. CI knows better what a branch is called: it
 * checks out commits.
 * @param project Of several tags of git on a commit, those of another project are none of ours.
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
  // git has no branch of this name: it does not allow brackets.
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

/** `service@1.2.3`, as Nx Release names it, is of that service; a tag without a project is of all of them. */
function gitTagOf(tags: readonly string[], project: string): string | undefined {
  const own = `${project}@`;
  const ofProject = tags.find((tag) => tag.startsWith(own));
  return ofProject?.slice(own.length) ?? tags.find((tag) => !tag.includes('@'));
}

const unknownCommit = (root: string, said: string) =>
  new PipelineError(
    'COMMIT_UNKNOWN',
    `${root} is no git checkout with a commit, and tags are named after the commit ` +
      `(git says: ${said}). Run this in a clone with at least one commit, ` +
      'or set GITHUB_SHA (or CODEBUILD_RESOLVED_SOURCE_VERSION) to the commit id.',
  );
