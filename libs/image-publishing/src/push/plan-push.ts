import {
  type PlannedTags,
  planTagChanges,
  type TagMutabilitySetting,
  type TagPlan,
  tagsToSet,
} from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';

export interface TagDecision {
  readonly tag: string;
  readonly action: 'create' | 'move' | 'keep';
}

export interface TagConflict {
  readonly tag: string;
  /** Whether the tag is meant to move from image to image. */
  readonly moving: boolean;
  /** The image that the tag points to. */
  readonly digest: Digest;
}

export interface PushDecision {
  readonly tags: readonly TagDecision[];
  /** The tags to set, in this order. */
  readonly set: TagPlan;
  /** Immutable tags of other images. Nothing may be sent if there is one. */
  readonly conflicts: readonly TagConflict[];
  /** Whether a tag points to this very image. */
  readonly present: boolean;
}

export interface PushPlanInput {
  /** Of the image to push; undefined before it is built. */
  readonly digest: Digest | undefined;
  readonly tags: Pick<PlannedTags, 'fixed' | 'moving' | 'passing'>;
  /** By tag, the image that it points to. */
  readonly existing: ReadonlyMap<string, Digest>;
  readonly mutability: TagMutabilitySetting;
}

/** Which tags are to be set, and whether the repository allows it. */
export function planPush({ digest, tags, existing, mutability }: PushPlanInput): PushDecision {
  const all = [...tags.fixed, ...tags.moving];
  const plan = (some: readonly string[]) =>
    planTagChanges({ digest, tags: some, existing, mutability });
  const isKept = (tag: string) => digest !== undefined && existing.get(tag) === digest;
  // A new timestamp would say nothing new about an image that has all its other tags.
  const unchanged = all.filter((tag) => !tags.passing.includes(tag)).every(isKept);
  const requested = (some: readonly string[]) => (unchanged ? some.filter(isKept) : some);
  const changes = plan(requested(all));
  const moving = new Set(tags.moving);
  return {
    tags: changes.map(({ tag, action }) => ({
      tag,
      action: action === 'conflict' ? 'move' : action,
    })),
    set: {
      fixed: tagsToSet(plan(requested(tags.fixed))),
      moving: tagsToSet(plan(requested(tags.moving))),
    },
    conflicts: changes
      .filter(({ action }) => action === 'conflict')
      .map(({ tag, currentDigest }) => ({
        tag,
        moving: moving.has(tag),
        digest: currentDigest as Digest,
      })),
    present: [...existing.values()].some((one) => one === digest),
  };
}
