import { PipelineError } from '../pipeline-error';
import { type TagConflict } from './plan-push';

interface Where {
  readonly repository: string;
  readonly projectRoot: string;
  /** The image that was to get the tags: its digest, or its ID where Docker has not pushed it yet. */
  readonly image: string;
}

/** Names every tag that cannot be set, both images, and the way out. */
export function tagConflict(conflicts: readonly TagConflict[], where: Where): PipelineError {
  const lines = conflicts.map(
    ({ tag, digest }) => `  ${tag} stands on ${digest} and cannot be given to ${where.image}`,
  );
  return new PipelineError(
    'TAG_IMMUTABLE',
    `Tags of ${where.repository} are immutable; nothing was pushed:\n${lines.join('\n')}\n${remedy(conflicts, where)}`,
  );
}

function remedy(conflicts: readonly TagConflict[], { repository, projectRoot }: Where): string {
  const fixed = conflicts.filter(({ moving }) => !moving);
  if (fixed.length === 0) {
    return `Exclude them from the immutability of ${repository}, as the stack of this environment does.`;
  }
  return fixed.some(({ tag }) => /^v\d/.test(tag))
    ? `Raise "version" in ${projectRoot}/package.json, commit, and push again.`
    : 'Commit your change, so that it gets a tag of its own, and push again.';
}
