import {
  isIndexMediaType,
  type Digest,
  type FetchedManifest,
  type ImageManifest,
  type RegistryClient,
} from '@typerush/oci';
import { type BuiltImage } from '../built-image';

export type Manifests = Pick<RegistryClient, 'headManifest' | 'getManifest' | 'putManifest'>;

export interface StandingTag {
  readonly digest: Digest;
  /** Whether the tag stands on the image that is to be pushed. */
  readonly same: boolean;
}

/** What the registry holds under each of the tags; a tag that is free is left out. */
export async function findStandingTags(
  manifests: Manifests,
  repository: string,
  tags: readonly string[],
  image: BuiltImage | undefined,
): Promise<ReadonlyMap<string, StandingTag>> {
  const found = await Promise.all(
    tags.map(async (tag) => {
      const descriptor = await manifests.headManifest(repository, tag);
      if (!descriptor) return [];
      const same = image ? await isSame(manifests, repository, descriptor.digest, image) : false;
      return [[tag, { digest: descriptor.digest, same }] as const];
    }),
  );
  return new Map(found.flat());
}

/**
 * An OCI layout knows its digest. A Docker daemon knows the image's ID, which is the digest of its config (or of its
 * manifest, in the containerd image store).
 */
async function isSame(manifests: Manifests, repository: string, digest: Digest, image: BuiltImage) {
  if (image.digest) return image.digest === digest;
  const id = image.platforms[0]?.configDigest;
  if (id === digest) return true;
  return configOf(await manifests.getManifest(repository, digest)) === id;
}

function configOf({ descriptor, bytes }: FetchedManifest): Digest | undefined {
  if (isIndexMediaType(descriptor.mediaType)) return undefined;
  return (JSON.parse(bytes.toString('utf8')) as ImageManifest).config.digest;
}
