import { type SizedImage, type StoredBlob } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { z } from 'zod';
import { type StandingImage } from '../standing-registry';

const blobSchema = z.looseObject({
  digest: z.string(),
  size: z.number().nonnegative(),
  urls: z.array(z.string()).optional(),
});

/** An image's manifest, or that of a list; https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md */
const manifestSchema = z.looseObject({
  config: blobSchema.optional(),
  layers: z.array(blobSchema).default([]),
  manifests: z.array(z.looseObject({ digest: z.string() })).default([]),
});

/** An image with the sizes that its manifest tells; one without a manifest counts as one blob of the size that ECR tells. */
export function sizedImage(image: StandingImage, manifest: string | undefined): SizedImage {
  const { digest, tags, pushedAt, pulledAt, storageClass, archivedAt, subject } = image;
  const { blobs, children } = contentOf(image, manifest);
  const transitionedAt = archivedAt;
  return {
    digest,
    tags,
    pushedAt,
    pulledAt,
    storageClass,
    transitionedAt,
    subject,
    children,
    blobs,
  };
}

function contentOf(
  { digest, size }: { digest: Digest; size: number },
  text: string | undefined,
): { blobs: readonly StoredBlob[]; children: readonly string[] } {
  const manifest = manifestSchema.safeParse(text === undefined ? undefined : parse(text)).data;
  if (!manifest) return { blobs: [{ digest, size }], children: [] };
  const { config, layers, manifests } = manifest;
  return {
    // A layer with addresses of its own is not in the registry.
    blobs: [...(config ? [config] : []), ...layers].filter(({ urls }) => !urls?.length),
    children: manifests.map((child) => child.digest),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
