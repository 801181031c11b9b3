import { type BlobSource } from '../base/base-source';
import { type Digest } from '../digest';
import { OciError } from '../errors';
import { type OciLayout } from '../layout';
import {
  type Descriptor,
  imageIndexSchema,
  type ImageManifest,
  imageManifestSchema,
  isIndexMediaType,
} from '../manifest';

/** An image in a layout that may be sparse, with the way to what is missing there. */
export interface WholeImage {
  readonly layout: OciLayout;
  /** Of a manifest or an index that the layout names. */
  readonly digest: Digest;
  /** The blobs that the layout lacks; see baseBlobs. */
  readonly missing: BlobSource;
}

export interface PlatformManifest {
  readonly descriptor: Descriptor;
  readonly manifest: ImageManifest;
}

/** @throws OciError `IMAGE_MISSING` */
export async function topOf({ layout, digest }: WholeImage): Promise<Descriptor> {
  const found = (await layout.images()).find((image) => image.digest === digest);
  if (found) return found;
  throw new OciError('IMAGE_MISSING', `${layout.dir} holds no image ${digest}. Build it again.`);
}

/** The manifests behind a descriptor, one for each platform. */
export async function manifestsOf(
  layout: OciLayout,
  descriptor: Descriptor,
): Promise<readonly PlatformManifest[]> {
  const content: unknown = JSON.parse((await layout.read(descriptor.digest)).toString());
  if (!isIndexMediaType(descriptor.mediaType)) {
    return [{ descriptor, manifest: imageManifestSchema.parse(content) }];
  }
  const children = imageIndexSchema.parse(content).manifests;
  return (await Promise.all(children.map((child) => manifestsOf(layout, child)))).flat();
}

/** The file of a blob: the layout's own, or what stands in for it. */
export async function fileOf(
  { layout, missing }: WholeImage,
  { digest, size }: Descriptor,
): Promise<string> {
  return (await layout.has({ digest, size })) ? layout.blobPath(digest) : missing({ digest, size });
}
