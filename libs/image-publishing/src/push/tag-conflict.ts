import { PipelineError } from '@typerush/pipeline-context';
import { type TagConflict } from './plan-push';

/** An immutable tag of another image. */
export interface ConflictAt extends TagConflict {
  /** `host/path` */
  readonly repository: string;
}

interface Where {
  readonly projectRoot: string;
  /** The digest of the image that was to get the tags. */
  readonly image: string;
}

/** Names every tag that cannot be set, both images, and the way out. */
export function tagConflict(conflicts: readonly ConflictAt[], where: Where): PipelineError {
  const repositories = [...new Set(conflicts.map(({ repository }) => repository))];
  const lines = conflicts.map(
    ({ tag, digest, repository }) =>
      `  ${repositories.length > 1 ? `${repository}:` : ''}${tag} points to ${digest} and cannot be moved to ${where.image}`,
  );
  return new PipelineError(
    'TAG_IMMUTABLE',
    `Tags of ${repositories.join(' and ')} are immutable; nothing was pushed:\n${lines.join('\n')}\n${remedy(conflicts, where)}`,
  );
}

function remedy(conflicts: readonly TagConflict[], { projectRoot }: Where): string {
  const fixed = conflicts.filter(({ moving }) => !moving);
  if (fixed.length === 0) {
    return "Exclude them from the repository's immutability, as the stack of this environment does.";
  }
  return fixed.some(({ tag }) => /^v\d/.test(tag))
    ? `Raise "version" in ${projectRoot}/package.json, commit, and push again.`
    : 'Commit your change, so that it gets a tag of its own, and push again.';
}
