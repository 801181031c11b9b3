import { type SizedImage } from '@typerush/image-registry';
import { manifestContent } from '../manifest-content';
import { type StandingImage } from '../standing-registry';

/** An image with the sizes that its manifest tells; one without a manifest counts as one blob of the size that ECR tells. */
export function sizedImage(image: StandingImage, manifest: string | undefined): SizedImage {
  const { digest, tags, pushedAt, pulledAt, storageClass, archivedAt, subject, size } = image;
  const content = manifest === undefined ? undefined : manifestContent(manifest);
  return {
    digest,
    tags,
    pushedAt,
    pulledAt,
    storageClass,
    transitionedAt: archivedAt,
    subject,
    children: content?.children ?? [],
    blobs: content?.blobs ?? [{ digest, size }],
  };
}
