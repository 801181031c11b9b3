import {
  byPriority,
  type LifecyclePolicy,
  type LifecycleRule,
  type StorageClass,
  storageClassOf,
  tagPatterns,
} from './policy';
import { matchesWildcard } from '../wildcard';

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

/** What the policy does to one image, and the priority of the rule that does it. */
export interface LifecycleVerdict<Image extends StoredImage = StoredImage> {
  readonly image: Image;
  readonly action: LifecycleRule['action'];
  readonly rulePriority: number;
}

const day = 24 * 60 * 60 * 1000;

/**
 * The images that a policy acts on at a moment, each once, in the order of the rules, youngest first.
 *
 * - A rule's pool is every image of its storage class that its tag selection matches, claimed or not: all of them take
 *   places in a count. It acts on those that a rule of higher priority has not matched.
 * - An image that a standing manifest list refers to is not acted on.
 * - A signature or SBOM whose subject stands is judged by no rule, and shares its subject's fate.
 */
export function evaluateLifecyclePolicy<Image extends StoredImage>(
  policy: LifecyclePolicy,
  images: readonly Image[],
  now: Date,
): LifecycleVerdict<Image>[] {
  const standing = new Set(images.map(({ digest }) => digest));
  const follows = ({ subject }: Image) => subject !== undefined && standing.has(subject);
  const judged = images.filter((image) => !follows(image)).sort(youngestFirst);
  const referredTo = new Set(images.flatMap(({ children }) => children ?? []));
  const claimed = new Set<Image>();
  const verdicts: LifecycleVerdict<Image>[] = [];
  for (const rule of byPriority(policy)) {
    const pool = judged.filter((image) => isSelected(rule, image));
    for (const image of candidates(rule, pool, now)) {
      if (claimed.has(image) || referredTo.has(image.digest)) continue;
      verdicts.push({ image, action: rule.action, rulePriority: rule.rulePriority });
    }
    for (const image of pool) claimed.add(image);
  }
  return withFollowers(verdicts, images.filter(follows));
}

function isSelected({ selection, ...rule }: LifecycleRule, image: StoredImage): boolean {
  if ((image.storageClass ?? 'standard') !== storageClassOf({ selection, ...rule })) return false;
  switch (selection.tagStatus) {
    case 'any':
      return true;
    case 'untagged':
      return image.tags.length === 0;
    case 'tagged':
      return tagPatterns(selection).every((pattern) =>
        image.tags.some((tag) => matchesWildcard(pattern, tag)),
      );
  }
}

/** The images of a pool, youngest first, that the rule's count or age is over. */
function candidates<Image extends StoredImage>(
  { selection: { countType, countNumber } }: LifecycleRule,
  pool: readonly Image[],
  now: Date,
): readonly Image[] {
  const olderThan = (since: (image: Image) => Date | undefined) =>
    pool.filter((image) => {
      const start = since(image);
      return start !== undefined && now.getTime() - start.getTime() > countNumber * day;
    });
  switch (countType) {
    case 'imageCountMoreThan':
      return pool.slice(countNumber);
    case 'sinceImagePushed':
      return olderThan(({ pushedAt }) => pushedAt);
    case 'sinceImagePulled':
      return olderThan(({ pulledAt, pushedAt }) => pulledAt ?? pushedAt);
    case 'sinceImageTransitioned':
      return olderThan(({ transitionedAt }) => transitionedAt);
  }
}

/** Digests break ties, so that the same images give the same verdicts in whatever order they come. */
function youngestFirst(a: StoredImage, b: StoredImage): number {
  return b.pushedAt.getTime() - a.pushedAt.getTime() || (a.digest < b.digest ? -1 : 1);
}

/** Adds to the verdicts those on the images that refer to a judged one, however long the chain. */
function withFollowers<Image extends StoredImage>(
  verdicts: readonly LifecycleVerdict<Image>[],
  followers: readonly Image[],
): LifecycleVerdict<Image>[] {
  const all = [...verdicts];
  // The list grows while it is walked: a signature of an SBOM follows the SBOM.
  for (const verdict of all) {
    for (const image of followers) {
      if (image.subject === verdict.image.digest) all.push({ ...verdict, image });
    }
  }
  return all;
}
