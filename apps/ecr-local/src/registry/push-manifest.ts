import { EcrError } from '../errors/ecr-error';
import { digestOf } from '../storage/digest';
import { type Manifest, parseManifest } from './manifest';
import { type Registry } from './registry';
import {
  imageOfDigest,
  layerBucket,
  manifestBucket,
  type Repository,
  type StoredImage,
} from './repository';
import { pushImage, type PushOutcome } from './tag-images';

export interface ManifestPush {
  readonly bytes: Uint8Array;
  readonly mediaType?: string;
  readonly tag?: string;
  /** The digest that the client expects. */
  readonly digest?: string;
}

export interface PushedManifest {
  readonly image: StoredImage;
  readonly outcome: PushOutcome;
}

/**
 * Takes a manifest whose layers (or, for an index, whose images) are present in the repository. Durable once resolved.
 * Throws RepositoryNotFound-, InvalidParameter-, ImageDigestDoesNotMatch-, LayersNotFound-, ReferencedImagesNotFound-,
 * ImageTagAlreadyExists- and LimitExceededException; then nothing has changed.
 */
export async function pushManifest(
  registry: Registry,
  name: string,
  push: ManifestPush,
): Promise<PushedManifest> {
  const digest = digestOf(push.bytes);
  let outcome: PushOutcome = 'unchanged';
  const after = await registry.repositories.update(name, async (repository) => {
    const manifest = parseManifest(push.bytes, push.mediaType);
    if (push.digest !== undefined && push.digest !== digest) {
      throw new EcrError(
        'ImageDigestDoesNotMatchException',
        `The manifest has the digest '${digest}', which is not the '${push.digest}' it was pushed by`,
      );
    }
    const size = await sizeOf(registry, repository, manifest);
    const { blobs, children, ...described } = manifest;
    const pushed = pushImage(
      repository,
      {
        digest,
        ...described,
        blobs: [...blobs],
        children: [...children],
        manifestSize: push.bytes.length,
        size,
        pushedAt: registry.clock().toISOString(),
      },
      push.tag,
      registry.refusals,
    );
    outcome = pushed.outcome;
    // Pushing an image again repairs what was damaged in the storage.
    if (!(await registry.blobs.stat(manifestBucket(repository), digest))) {
      await storeManifest(registry, repository, digest, push.bytes);
    }
    return pushed.repository;
  });
  const image = imageOfDigest(after, digest);
  if (!image) throw new Error(`${digest} is missing right after it was stored.`);
  return { image, outcome };
}

async function sizeOf(
  { blobs, refusals }: Registry,
  repository: Repository,
  manifest: Manifest,
): Promise<number> {
  const held = await Promise.all(
    manifest.blobs.map((digest) => blobs.stat(layerBucket(repository), digest)),
  );
  const missing = manifest.blobs.filter((_, index) => held[index] === undefined);
  if (missing.length > 0) throw refusals.layersMissing(repository.name, missing);
  const children = manifest.children.map((digest) => imageOfDigest(repository, digest));
  const absent = manifest.children.filter((_, index) => children[index] === undefined);
  if (absent.length > 0) throw refusals.imagesMissing(repository.name, absent);
  const layers = held.reduce((sum, blob) => sum + (blob?.size ?? 0), 0);
  return Math.max(layers, ...children.map((child) => child?.size ?? 0));
}

async function storeManifest(
  { uploads }: Registry,
  repository: Repository,
  digest: string,
  bytes: Uint8Array,
): Promise<void> {
  const bucket = manifestBucket(repository);
  const uploadId = await uploads.begin(bucket);
  await uploads.append(bucket, uploadId, 0, [bytes]);
  const result = await uploads.commit(bucket, uploadId, digest);
  if (result !== 'stored') throw new Error(`The manifest ${digest} was not stored: ${result}.`);
}
