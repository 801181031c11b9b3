import { type Digest } from '../../digest';
import { OciError } from '../../errors';
import { type OciLayout } from '../../layout';
import {
  type Descriptor,
  imageIndexSchema,
  imageManifestSchema,
  isHeldByRegistry,
  isIndexMediaType,
} from '../../manifest';
import { type FetchedManifest } from '../registry-client';

/** A manifest, and the blobs that it names itself. */
export interface ManifestContent extends FetchedManifest {
  readonly blobs: readonly Descriptor[];
}

/** An image as a layout holds it: its top manifest, and those that an index lists, children before parents. */
export interface ImageContent {
  readonly top: ManifestContent;
  readonly children: readonly ManifestContent[];
}

/** @throws OciError `IMAGE_MISSING`, `BLOB_MISSING`, `DIGEST_MISMATCH` when the layout lacks a manifest */
export async function readContent(layout: OciLayout, digest: Digest): Promise<ImageContent> {
  const image = (await layout.images()).find((found) => found.digest === digest);
  if (!image) {
    throw new OciError('IMAGE_MISSING', `${layout.dir} holds no image ${digest}. Build it again.`);
  }
  const children: ManifestContent[] = [];
  const top = await readManifest(layout, image, children);
  return { top, children };
}

async function readManifest(
  layout: OciLayout,
  descriptor: Descriptor,
  children: ManifestContent[],
): Promise<ManifestContent> {
  const bytes = await layout.read(descriptor.digest);
  const content: unknown = JSON.parse(bytes.toString());
  if (!isIndexMediaType(descriptor.mediaType)) {
    const { config, layers } = imageManifestSchema.parse(content);
    return { descriptor, bytes, blobs: [...layers.filter(isHeldByRegistry), config] };
  }
  for (const child of imageIndexSchema.parse(content).manifests) {
    children.push(await readManifest(layout, child, children));
  }
  return { descriptor, bytes, blobs: [] };
}

/** Each blob once, however many manifests name it. */
export function distinctBlobs(manifests: readonly ManifestContent[]): readonly Descriptor[] {
  const blobs = manifests.flatMap((manifest) => manifest.blobs);
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}
