import { type RemoteImage } from '@typerush/ecr-access';
import { planTagChanges, type TagMutabilitySetting } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type ImageRecord, type RepositoryBackup } from '../backup/backup-format';

export interface RestorePlanInput {
  readonly backup: RepositoryBackup;
  readonly existing: readonly RemoteImage[];
  readonly mutability: TagMutabilitySetting;
  /** By image in the backup, the digests it refers to: the manifests of an index, the subject of a signature. */
  readonly references: ReadonlyMap<Digest, readonly Digest[]>;
  /** Move tags that point to another image. */
  readonly force: boolean;
}

/**
 * - `push`: is uploaded; `present`: is in the registry
 * - `missing`: is neither in the registry nor in the backup
 */
export type ImageAction = 'push' | 'present' | 'missing';

/**
 * - `create`, `move`: is set; `present`: points to the image already
 * - `conflict`: points to another image and is not changed
 * - `immutable`: points to another image and cannot be moved
 * - `missing`: its image is missing
 */
export type TagAction = 'create' | 'move' | 'present' | 'conflict' | 'immutable' | 'missing';

export interface PlannedTag {
  readonly tag: string;
  readonly action: TagAction;
  /** The other image that the tag points to. */
  readonly currentDigest?: Digest;
}

export interface PlannedImage {
  readonly image: ImageRecord;
  readonly action: ImageAction;
  readonly tags: readonly PlannedTag[];
}

/**
 * The steps that restore a repository, in order: an image after those it refers to, and otherwise the oldest push first, so
 * that "keep the last N" keeps the same images as before.
 */
export function planRestore(input: RestorePlanInput): readonly PlannedImage[] {
  const { backup, existing, references } = input;
  const present = new Set(existing.map(({ digest }) => digest));
  const tagged = new Map(existing.flatMap(({ tags, digest }) => tags.map((tag) => [tag, digest])));
  return inOrder(backup.images, references).map((image) => {
    const isPushable = references.has(image.digest);
    const action = present.has(image.digest) ? 'present' : isPushable ? 'push' : 'missing';
    return { image, action, tags: planTags(image, action, tagged, input) };
  });
}

function planTags(
  { digest, tags }: ImageRecord,
  image: ImageAction,
  existing: ReadonlyMap<string, Digest>,
  { mutability, force }: RestorePlanInput,
): PlannedTag[] {
  const changes = planTagChanges({ digest, tags, existing, mutability, move: force });
  return changes.map(({ tag, action, currentDigest, immutable }): PlannedTag => {
    if (action === 'keep') return { tag, action: 'present' };
    if (image === 'missing') return { tag, action: 'missing' };
    if (action === 'create') return { tag, action };
    return {
      tag,
      action: immutable ? 'immutable' : action,
      currentDigest: currentDigest as Digest,
    };
  });
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
