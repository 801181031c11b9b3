import { isTagImmutable, type TagMutabilitySetting, type TagPlan } from '@typerush/image-registry';
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
  /** The digest under which the registry holds this very image. */
  readonly standing?: Digest;
}

export interface PushFacts {
  readonly tags: TagPlan;
  /** Those of `tags` that the commit and the version decide, not the time. */
  readonly lasting: ReadonlySet<string>;
  readonly found: ReadonlyMap<string, StandingTag>;
  readonly mutability: TagMutabilitySetting;
}

/** Which tags are to be set, and whether the repository allows it. */
export function planPush({ tags, lasting, found, mutability }: PushFacts): PushDecision {
  const all = [...tags.fixed, ...tags.moving];
  const isKept = (tag: string) => found.get(tag)?.same === true;
  // A new timestamp would say nothing new about an image that has all its other tags.
  const unchanged = all.filter((tag) => lasting.has(tag)).every(isKept);
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
    standing: [...found.values()].find(({ same }) => same)?.digest,
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
