import { type Digest, type OciLayout } from '@typerush/oci';
import { heldManifest } from '../backup/read-backup';
import { manifestContent } from '../manifest-content';

/** What each of these images refers to, as far as the layout holds their manifests. */
export async function heldReferences(
  layout: OciLayout | undefined,
  digests: readonly Digest[],
): Promise<ReadonlyMap<Digest, readonly Digest[]>> {
  const references = new Map<Digest, readonly Digest[]>();
  for (const digest of digests) {
    const bytes = await heldManifest(layout, digest);
    const content = bytes && manifestContent(bytes.toString());
    if (!content) continue;
    const { children, subject } = content;
    references.set(digest, subject ? [...children, subject] : children);
  }
  return references;
}
