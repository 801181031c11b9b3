import { type Digest, type RegistryClient } from '@typerush/oci';

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
  digest: Digest | undefined,
): Promise<ReadonlyMap<string, StandingTag>> {
  const found = await Promise.all(
    tags.map(async (tag) => {
      const descriptor = await manifests.headManifest(repository, tag);
      if (!descriptor) return [];
      return [[tag, { digest: descriptor.digest, same: descriptor.digest === digest }] as const];
    }),
  );
  return new Map(found.flat());
}
