import {
  isTagImmutable,
  type PlannedTags,
  type TagMutabilitySetting,
  type TagPlan,
} from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type StandingTag } from './standing-tags';

export interface TagDecision {
  readonly tag: string;
  readonly action: 'create' | 'move' | 'keep';
}

export interface TagConflict {
  readonly tag: string;
  /** Whether the tag is meant to move from image to image. */
  readonly moving: boolean;
  /** The image that holds the tag. */
  readonly digest: Digest;
}

export interface PushDecision {
  readonly tags: readonly TagDecision[];
  /** The tags to set. */
  readonly set: TagPlan;
  /** Tags of other images that the repository will not let go. Nothing may be sent when there is one. */
  readonly conflicts: readonly TagConflict[];
  /** Whether a tag stands on this very image. */
  readonly stands: boolean;
}

export interface PushFacts {
  readonly tags: Pick<PlannedTags, 'fixed' | 'moving' | 'passing'>;
  readonly found: ReadonlyMap<string, StandingTag>;
  readonly mutability: TagMutabilitySetting;
}

/** Which tags are to be set, and whether the repository allows it. */
export function planPush({ tags, found, mutability }: PushFacts): PushDecision {
  const all = [...tags.fixed, ...tags.moving];
  const isKept = (tag: string) => found.get(tag)?.same === true;
  // A new timestamp would say nothing new about an image that has all its other tags.
  const unchanged = all.filter((tag) => !tags.passing.includes(tag)).every(isKept);
  const wanted = unchanged ? all.filter(isKept) : all;
  const decisions = wanted.map((tag) => ({ tag, action: actionFor(found.get(tag)) }));
  const due = new Set(decisions.filter(({ action }) => action !== 'keep').map(({ tag }) => tag));
  return {
    tags: decisions,
    set: {
      fixed: tags.fixed.filter((tag) => due.has(tag)),
      moving: tags.moving.filter((tag) => due.has(tag)),
    },
    conflicts: decisions.flatMap(({ tag, action }) => {
      const standing = found.get(tag);
      return action === 'move' && standing && isFixedBy(mutability, tag)
        ? [{ tag, moving: tags.moving.includes(tag), digest: standing.digest }]
        : [];
    }),
    stands: [...found.values()].some(({ same }) => same),
  };
}

function actionFor(standing: StandingTag | undefined): TagDecision['action'] {
  if (!standing) return 'create';
  return standing.same ? 'keep' : 'move';
}

const isFixedBy = (mutability: TagMutabilitySetting, tag: string) =>
  isTagImmutable(
    mutability.imageTagMutability,
    mutability.imageTagMutabilityExclusionFilters ?? [],
    tag,
  );
