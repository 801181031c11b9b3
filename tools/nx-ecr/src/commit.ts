import { type Commit } from '@typerush/image-registry';
import { lastLines, runCommand } from './command';
import { type PipelineEnvironment } from './pipeline-environment';
import { PipelineError } from './pipeline-error';

/**
 * The commit that is checked out, or the one that CI names where the source came without git.
 * @throws PipelineError `COMMIT_UNKNOWN`
 */
export async function readCommit(root: string, environment: PipelineEnvironment): Promise<Commit> {
  const git = (...args: string[]) =>
    runCommand('git', args, { cwd: root, env: environment.variables });
  const head = await git('rev-parse', '--verify', 'HEAD');
  if (head.code === 0) {
    const status = await git('status', '--porcelain');
    return { sha: head.stdout.trim(), dirty: status.stdout.trim() !== '' };
  }
  if (environment.ciCommit) return { sha: environment.ciCommit, dirty: false };
  throw new PipelineError(
    'COMMIT_UNKNOWN',
    `${root} is no git checkout with a commit, and tags are named after the commit ` +
      `(git says: ${lastLines(head, 1)}). Run this in a clone with at least one commit, ` +
      'or set GITHUB_SHA (or CODEBUILD_RESOLVED_SOURCE_VERSION) to the commit id.',
  );
}
