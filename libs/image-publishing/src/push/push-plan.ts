import {
  type PlannedTags,
  planTagChanges,
  type TagMutabilitySetting,
  type TagPlan,
  tagsToSet,
} from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';

export interface PlannedTag {
  readonly tag: string;
  readonly action: 'create' | 'move' | 'keep';
  /** Set after everything else. */
  readonly moving: boolean;
}

/** An immutable tag of another image. */
interface TagConflict {
  readonly tag: string;
  readonly moving: boolean;
  /** The image that the tag points to. */
  readonly digest: Digest;
}

export interface PushPlan {
  readonly tags: readonly PlannedTag[];
  /** The tags to set, in this order. */
  readonly set: TagPlan;
  /** Nothing may be uploaded if there is one. */
  readonly conflicts: readonly TagConflict[];
  /** Whether a tag points to this image. */
  readonly present: boolean;
}

export interface PushPlanInput {
  /** Of the image to push; undefined before it is built. */
  readonly digest: Digest | undefined;
  readonly tags: Pick<PlannedTags, 'fixed' | 'moving' | 'passing'>;
  /** The image that each existing tag points to. */
  readonly existing: ReadonlyMap<string, Digest>;
  readonly mutability: TagMutabilitySetting;
}

/** Plans the tags to set in a repository, and finds those that its tag mutability does not allow to move. */
export function planPush({ digest, tags, existing, mutability }: PushPlanInput): PushPlan {
  const all = [...tags.fixed, ...tags.moving];
  const isKept = (tag: string) => digest !== undefined && existing.get(tag) === digest;
  // A new timestamp would say nothing new about an image that has all its other tags.
  const unchanged = all.filter((tag) => !tags.passing.includes(tag)).every(isKept);
  const requested = unchanged ? all.filter(isKept) : all;
  const changes = planTagChanges({ digest, tags: requested, existing, mutability });
  const moving = new Set(tags.moving);
  return {
    tags: changes.map(({ tag, action }) => ({
      tag,
      action: action === 'conflict' ? 'move' : action,
      moving: moving.has(tag),
    })),
    set: {
      fixed: tagsToSet(changes.filter(({ tag }) => !moving.has(tag))),
      moving: tagsToSet(changes.filter(({ tag }) => moving.has(tag))),
    },
    conflicts: changes.flatMap(({ tag, action }) => {
      const current = existing.get(tag);
      return action === 'conflict' && current
        ? [{ tag, moving: moving.has(tag), digest: current }]
        : [];
    }),
    present: [...existing.values()].some((one) => one === digest),
  };
}

/** @throws PipelineError `TAG_IMMUTABLE` */
export function rejectConflicts(
  plans: readonly { readonly repository: { readonly uri: string }; readonly plan: PushPlan }[],
  image: Digest | undefined,
  /** `action`: `push to`. `fix`: for fixed tags of other images. */
  { action, fix }: { readonly action: string; readonly fix: (tags: readonly string[]) => string },
): void {
  const conflicts = plans.flatMap(({ plan, repository }) =>
    plan.conflicts.map((conflict) => ({ ...conflict, repository: repository.uri })),
  );
  if (conflicts.length === 0) return;
  const repositories = [...new Set(conflicts.map(({ repository }) => repository))];
  const lines = conflicts.map(
    ({ tag, digest, repository }) =>
      `  ${repositories.length > 1 ? `${repository}:` : ''}${tag} points to ${digest} and cannot be moved to ${image ?? 'another image'}`,
  );
  throw new PipelineError(
    'TAG_IMMUTABLE',
    `Cannot ${action} ${repositories.join(' and ')}: tags are immutable.\n${lines.join('\n')}\nFix: ${conflictFix(conflicts, fix)}`,
  );
}

function conflictFix(
  conflicts: readonly TagConflict[],
  fix: (tags: readonly string[]) => string,
): string {
  const fixed = conflicts.filter(({ moving }) => !moving).map(({ tag }) => tag);
  return fixed.length === 0
    ? "exclude them from the repository's tag immutability, as the stack of this environment does."
    : fix(fixed);
}

export const isVersionTag = (tag: string): boolean => /^v\d/.test(tag);
