import {
  byPriority,
  type LifecyclePolicy,
  type LifecycleRule,
  type StorageClass,
  storageClassOf,
  tagPatterns,
} from './policy';
import { wildcardMatcher } from '../wildcard';

/** What a lifecycle policy needs to know of an image. */
export interface StoredImage {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAt: Date;
  /** The last recorded pull, if there was one. */
  readonly pulledAt?: Date;
  /** @default 'standard' */
  readonly storageClass?: StorageClass;
  /** When it came into the archive. */
  readonly transitionedAt?: Date;
  /** Digests of the images that this manifest list refers to. */
  readonly children?: readonly string[];
  /** The digest of the image that this signature or SBOM refers to. */
  readonly subject?: string;
}

/** Why a rule acts on an image. */
export type LifecycleReason =
  /** Its place among the images that the rule selects, the youngest having the first, and how many the rule keeps. */
  | { readonly place: number; readonly kept: number }
  /** Since when it has been pushed, not pulled or archived, and how many days the rule allows. */
  | { readonly since: Date; readonly days: number }
  /** It refers to the image with this digest, which the rule acts on. */
  | { readonly follows: string };

/** What the policy does to one image, and the priority of the rule that does it. */
export interface LifecycleVerdict<Image extends StoredImage = StoredImage> {
  readonly image: Image;
  readonly action: LifecycleRule['action'];
  readonly rulePriority: number;
  readonly reason: LifecycleReason;
}

const day = 24 * 60 * 60 * 1000;

/**
 * The images that a policy acts on at a moment, each once, in the order of the rules, youngest first.
 *
 * - A rule's pool is every image of its storage class that its tag selection matches, claimed or not: all of them take
 *   places in a count. It acts on those that a rule of higher priority has not matched.
 * - An image that an existing manifest list refers to is not acted on.
 * - No rule selects a signature or SBOM whose subject exists: it expires or is archived with its subject.
 */
export function evaluateLifecyclePolicy<Image extends StoredImage>(
  policy: LifecyclePolicy,
  images: readonly Image[],
  now: Date,
): LifecycleVerdict<Image>[] {
  const existing = new Set(images.map(({ digest }) => digest));
  const referredTo = new Set(images.flatMap(({ children }) => children ?? []));
  const follows = ({ subject }: Image) => subject !== undefined && existing.has(subject);
  const selectable = images
    .filter((image) => !follows(image))
    .map((image) => ({ image, pushed: image.pushedAt.getTime(), claimed: false }))
    .sort(youngestFirst);
  const verdicts: LifecycleVerdict<Image>[] = [];
  for (const rule of byPriority(policy)) {
    const isSelected = selectionOf(rule);
    const pool = selectable.filter(({ image }) => isSelected(image));
    const { action, rulePriority } = rule;
    for (const [{ image, claimed }, reason] of candidates(rule, pool, now)) {
      if (claimed || referredTo.has(image.digest)) continue;
      verdicts.push({ image, action, rulePriority, reason });
    }
    for (const each of pool) each.claimed = true;
  }
  const followers = images.filter((image) => follows(image) && !referredTo.has(image.digest));
  return withFollowers(verdicts, followers);
}

interface Selectable<Image extends StoredImage> {
  readonly image: Image;
  /** Milliseconds. */
  readonly pushed: number;
  /** Whether a rule has selected it. */
  claimed: boolean;
}

function selectionOf(rule: LifecycleRule): (image: StoredImage) => boolean {
  const storageClass = storageClassOf(rule);
  const hasTags = tagSelectionOf(rule);
  return (image) => (image.storageClass ?? 'standard') === storageClass && hasTags(image.tags);
}

function tagSelectionOf({ selection }: LifecycleRule): (tags: readonly string[]) => boolean {
  switch (selection.tagStatus) {
    case 'any':
      return () => true;
    case 'untagged':
      return (tags) => tags.length === 0;
    case 'tagged': {
      const matchers = tagPatterns(selection).map(wildcardMatcher);
      return (tags) => matchers.every((matches) => tags.some(matches));
    }
  }
}

type Candidate<Image extends StoredImage> = readonly [Selectable<Image>, LifecycleReason];

/** The images of a pool, youngest first, that the rule's count or age is over. */
function candidates<Image extends StoredImage>(
  { selection: { countType, countNumber } }: LifecycleRule,
  pool: readonly Selectable<Image>[],
  now: Date,
): readonly Candidate<Image>[] {
  const latest = now.getTime() - countNumber * day;
  const olderThan = (start: (image: Image) => Date | undefined) =>
    pool.flatMap((each): Candidate<Image>[] => {
      const since = start(each.image);
      return since && since.getTime() < latest ? [[each, { since, days: countNumber }]] : [];
    });
  switch (countType) {
    case 'imageCountMoreThan':
      return pool
        .slice(countNumber)
        .map((each, index) => [each, { place: countNumber + index + 1, kept: countNumber }]);
    case 'sinceImagePushed':
      return olderThan(({ pushedAt }) => pushedAt);
    case 'sinceImagePulled':
      return olderThan(({ pulledAt, pushedAt }) => pulledAt ?? pushedAt);
    case 'sinceImageTransitioned':
      return olderThan(({ transitionedAt }) => transitionedAt);
  }
}

/** Digests break ties, so that the same images give the same verdicts in any order. */
function youngestFirst(a: Selectable<StoredImage>, b: Selectable<StoredImage>): number {
  return b.pushed - a.pushed || (a.image.digest < b.image.digest ? -1 : 1);
}

/** Adds to the verdicts those on the images that refer to one with a verdict, however long the chain. */
function withFollowers<Image extends StoredImage>(
  verdicts: readonly LifecycleVerdict<Image>[],
  followers: readonly Image[],
): LifecycleVerdict<Image>[] {
  const followersOf = new Map<string | undefined, Image[]>();
  for (const image of followers) {
    const others = followersOf.get(image.subject);
    if (others) others.push(image);
    else followersOf.set(image.subject, [image]);
  }
  const all = [...verdicts];
  // The list grows while it is walked: a signature of an SBOM follows the SBOM.
  for (const verdict of all) {
    for (const image of followersOf.get(verdict.image.digest) ?? []) {
      all.push({ ...verdict, image, reason: { follows: verdict.image.digest } });
    }
  }
  return all;
}
