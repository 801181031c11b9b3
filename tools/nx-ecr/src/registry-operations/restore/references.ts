import { type Digest, isDigest, type OciLayout } from '@typerush/oci';
import { z } from 'zod';
import { heldManifest } from '../backup/read-backup';

const manifestSchema = z.looseObject({
  manifests: z.array(z.looseObject({ digest: z.string() })).default([]),
  subject: z.looseObject({ digest: z.string() }).optional(),
});

/** What each of these images refers to, as far as the layout holds them whole. */
export async function heldReferences(
  layout: OciLayout | undefined,
  digests: readonly Digest[],
): Promise<ReadonlyMap<Digest, readonly Digest[]>> {
  const references = new Map<Digest, readonly Digest[]>();
  for (const digest of digests) {
    const bytes = await heldManifest(layout, digest);
    if (!bytes) continue;
    const { manifests, subject } = manifestSchema.parse(JSON.parse(bytes.toString()));
    const referred = [...manifests, ...(subject ? [subject] : [])].map((each) => each.digest);
    references.set(digest, referred.filter(isDigest));
  }
  return references;
}
