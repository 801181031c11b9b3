import { type SizedImage } from '@typerush/image-registry';
import { parseManifest } from '@typerush/oci';
import { type StandingImage } from '../standing-registry';

/** An image with the sizes that its manifest tells; one without a manifest counts as one blob of the size that ECR tells. */
export function sizedImage(image: StandingImage, manifest: string | undefined): SizedImage {
  const { digest, tags, pushedAt, pulledAt, storageClass, archivedAt, subject, size } = image;
  const content = manifest === undefined ? undefined : parseManifest(manifest);
  return {
    digest,
    tags,
    pushedAt,
    pulledAt,
    storageClass,
    transitionedAt: archivedAt,
    subject,
    children: content?.children.map((child) => child.digest) ?? [],
    blobs: content?.blobs ?? [{ digest, size }],
  };
}
