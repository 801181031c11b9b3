import { type TagPlan } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type Manifests } from './standing-tags';

/** Gives further tags to an image that the registry holds, fixed ones first: the same bytes, so the same digest. */
export async function retag(
  manifests: Manifests,
  repository: string,
  digest: Digest,
  { fixed, moving }: TagPlan,
): Promise<void> {
  const tags = [...fixed, ...moving];
  if (tags.length === 0) return;
  const { descriptor, bytes } = await manifests.getManifest(repository, digest);
  for (const tag of tags) {
    await manifests.putManifest(repository, tag, descriptor.mediaType, bytes);
  }
}
