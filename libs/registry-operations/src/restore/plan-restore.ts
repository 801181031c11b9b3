import { isTagImmutable, type TagMutabilitySetting } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type ImageRecord, type RepositoryRecord } from '../backup/backup-format';
import { type StandingImage } from '../standing-registry';

export interface RestoreFacts {
  readonly record: RepositoryRecord;
  readonly standing: readonly StandingImage[];
  readonly mutability: TagMutabilitySetting;
  /** What each image that the backup holds refers to: the images of a list, the subject of a signature. */
  readonly references: ReadonlyMap<Digest, readonly Digest[]>;
  /** Move tags that stand on another image. */
  readonly force: boolean;
}

/**
 * - `push`: is sent; `stands`: is there already
 * - `missing`: neither the registry nor the backup has it
 */
export type ImageAction = 'push' | 'stands' | 'missing';

/**
 * - `create`, `move`: is set; `stands`: is there already
 * - `conflict`: stands on another image, and stays there
 * - `immutable`: the same, and may not be moved
 * - `missing`: its image is
 */
export type TagAction = 'create' | 'move' | 'stands' | 'conflict' | 'immutable' | 'missing';

export interface PlannedTag {
  readonly tag: string;
  readonly action: TagAction;
  /** The other image that holds the tag. */
  readonly standsOn?: Digest;
}

export interface PlannedImage {
  readonly image: ImageRecord;
  readonly action: ImageAction;
  readonly tags: readonly PlannedTag[];
}

/**
 * What it takes to bring a repository back to its backup, in the order in which it has to be done: what an image refers to
 * before it, and otherwise the oldest push first, so that "keep the last N" keeps the same images as before.
 */
export function planRestore(facts: RestoreFacts): readonly PlannedImage[] {
  const { record, standing, references } = facts;
  const stand = new Set(standing.map(({ digest }) => digest));
  const holders = new Map(standing.flatMap(({ tags, digest }) => tags.map((tag) => [tag, digest])));
  return inOrder(record.images, references).map((image) => {
    const action = stand.has(image.digest)
      ? 'stands'
      : references.has(image.digest)
        ? 'push'
        : 'missing';
    const tags = image.tags.map((tag) =>
      planTag(tag, image.digest, holders.get(tag), action, facts),
    );
    return { image, action, tags };
  });
}

function planTag(
  tag: string,
  digest: Digest,
  standsOn: Digest | undefined,
  image: ImageAction,
  { mutability, force }: RestoreFacts,
): PlannedTag {
  if (standsOn === digest) return { tag, action: 'stands' };
  if (image === 'missing') return { tag, action: 'missing' };
  if (standsOn === undefined) return { tag, action: 'create' };
  if (!force) return { tag, action: 'conflict', standsOn };
  const { imageTagMutability, imageTagMutabilityExclusionFilters = [] } = mutability;
  const fixed = isTagImmutable(imageTagMutability, imageTagMutabilityExclusionFilters, tag);
  return { tag, action: fixed ? 'immutable' : 'move', standsOn };
}

function inOrder(
  images: readonly ImageRecord[],
  references: ReadonlyMap<Digest, readonly Digest[]>,
): readonly ImageRecord[] {
  const byDigest = new Map(images.map((image) => [image.digest, image]));
  const ordered = new Set<ImageRecord>();
  const visiting = new Set<Digest>();
  const visit = (image: ImageRecord): void => {
    if (visiting.has(image.digest)) return;
    visiting.add(image.digest);
    for (const digest of references.get(image.digest) ?? []) {
      const referred = byDigest.get(digest);
      if (referred) visit(referred);
    }
    ordered.add(image);
  };
  for (const image of [...images].sort((a, b) => (a.pushedAt < b.pushedAt ? -1 : 1))) visit(image);
  return [...ordered];
}
