import { type StoredBlob } from '@typerush/image-registry';
import { type Digest, isDigest } from '@typerush/oci';
import { z } from 'zod';

/** What a manifest refers to. */
export interface ManifestContent {
  /** Config and layers, as far as the registry holds them. */
  readonly blobs: readonly (StoredBlob & { readonly digest: Digest })[];
  /** The images of a list. */
  readonly children: readonly Digest[];
  /** The image that a signature or SBOM is about. */
  readonly subject?: Digest;
}

const digestSchema = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));
const blobSchema = z.looseObject({
  digest: digestSchema,
  size: z.number().nonnegative(),
  urls: z.array(z.string()).optional(),
});
const referenceSchema = z.looseObject({ digest: digestSchema });
const manifestSchema = z.looseObject({
  config: blobSchema.optional(),
  layers: z.array(blobSchema).default([]),
  manifests: z.array(referenceSchema).default([]),
  subject: referenceSchema.optional(),
});

/**
 * Reads the manifest of an image or of a list; undefined where the text is neither.
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md
 */
export function manifestContent(text: string): ManifestContent | undefined {
  const parsed = manifestSchema.safeParse(parse(text));
  if (!parsed.success) return undefined;
  const { config, layers, manifests, subject } = parsed.data;
  return {
    // A layer with addresses of its own is not in the registry.
    blobs: [...(config ? [config] : []), ...layers].filter(({ urls }) => !urls?.length),
    children: manifests.map(({ digest }) => digest),
    subject: subject?.digest,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
