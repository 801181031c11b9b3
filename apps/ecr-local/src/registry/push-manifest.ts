import { EcrError } from '../errors/ecr-error';
import { algorithmOf, digestOf, isDigest } from '../storage/digest';
import { ImageDraft, type ImageView, type StoredImage } from './images';
import { type Manifest, parseManifest } from './manifest';
import { type Registry } from './registry';
import { layerBucket, manifestBucket, type Repository } from './repository';
import { pushImage, type PushOutcome } from './tag-images';

export interface ManifestPush {
  readonly bytes: Uint8Array;
  readonly mediaType?: string;
  readonly tag?: string;
  /** The digest that the client expects. */
  readonly digest?: string;
  /** Whether replication brings it: what was replicated is not replicated on, as in ECR. */
  readonly isReplica?: boolean;
}

export interface PushedManifest {
  readonly image: StoredImage;
  readonly outcome: PushOutcome;
}

/**
 * Takes a manifest whose layers (or, for an index, whose images) are present in the repository. Durable once resolved.
 * Throws RepositoryNotFound-, InvalidParameter-, ImageDigestDoesNotMatch-, LayersNotFound-, ReferencedImagesNotFound-,
 * ImageTagAlreadyExists- and LimitExceededException; then no image has changed.
 */
export async function pushManifest(
  registry: Registry,
  name: string,
  push: ManifestPush,
): Promise<PushedManifest> {
  const repository = registry.repositories.get(name);
  const manifest = parseManifest(push.bytes, push.mediaType);
  const { digest: expected } = push;
  const algorithm = expected !== undefined && isDigest(expected) ? algorithmOf(expected) : 'sha256';
  const digest = digestOf(push.bytes, algorithm);
  if (expected !== undefined && expected !== digest) {
    throw new EcrError(
      'ImageDigestDoesNotMatchException',
      `The manifest has the digest '${digest}', which is not the '${expected}' it was pushed by`,
    );
  }
  const { blobs, children, ...described } = manifest;
  const image = {
    digest,
    ...described,
    blobs: [...blobs],
    children: [...children],
    manifestSize: push.bytes.length,
    pushedAt: registry.clock().toISOString(),
  };
  const putInto = async (draft: ImageDraft, current: Repository) => {
    const size = await sizeOf(registry, current, draft, manifest);
    return pushImage(draft, current, { ...image, size }, push.tag, registry.refusals);
  };
  // Refused pushes store nothing, and others of this repository go on while the manifest is written.
  await putInto(new ImageDraft(repository.images), repository);
  const bucket = manifestBucket(repository);
  // Pushing an image again repairs what was damaged in the storage.
  const storeManifest = async () => {
    if (await registry.blobs.stat(bucket, digest)) return;
    await registry.blobs.put(bucket, digest, push.bytes);
  };
  await storeManifest();
  const pushed = await registry.repositories.changeImages(name, async (draft, current) => {
    if (current.id !== repository.id) throw registry.refusals.repositoryNotFound(name);
    const outcome = await putInto(draft, current);
    // A sweep may have come in between, if the manifest was that of a deleted image.
    await storeManifest();
    if (outcome !== 'unchanged' && !push.isReplica) {
      registry.replication.request(registry, name, draft, { digest, tag: push.tag });
    }
    const stored = draft.get(digest);
    if (!stored) throw new Error(`${digest} is missing right after it was pushed.`);
    return { image: stored, outcome };
  });
  registry.replication.start(registry, repository, pushed.image);
  return pushed;
}

async function sizeOf(
  { blobs, refusals }: Registry,
  repository: Repository,
  images: ImageView,
  manifest: Manifest,
): Promise<number> {
  const held = await Promise.all(
    manifest.blobs.map((digest) => blobs.stat(layerBucket(repository), digest)),
  );
  const missing = manifest.blobs.filter((_, index) => held[index] === undefined);
  if (missing.length > 0) throw refusals.layersMissing(repository.name, missing);
  const children = manifest.children.map((digest) => images.get(digest));
  const absent = manifest.children.filter((_, index) => children[index] === undefined);
  if (absent.length > 0) throw refusals.imagesMissing(repository.name, absent);
  const layers = held.reduce((sum, blob) => sum + (blob?.size ?? 0), 0);
  return Math.max(layers, ...children.map((child) => child?.size ?? 0));
}
