import { createHash, randomBytes } from 'node:crypto';

export interface Blob {
  readonly bytes: Buffer;
  readonly digest: string;
}

/** A config, one layer, and the manifest over both. */
export interface Image {
  readonly config: Blob;
  readonly layer: Blob;
  readonly manifest: Blob;
}

export const manifestType = 'application/vnd.oci.image.manifest.v1+json';

export const blobOf = (content: Buffer | string): Blob => {
  const bytes = Buffer.from(content);
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
};

/** An image that no registry has yet, with a layer of this size that cannot be compressed. */
export const randomImage = (layerBytes: number): Image =>
  imageOf(
    blobOf(`{"architecture":"amd64","os":"linux","id":"${randomBytes(16).toString('hex')}"}`),
    blobOf(randomBytes(layerBytes)),
  );

/** Another image of the same blobs: only its annotation differs. */
export const variantOf = ({ config, layer }: Image, variant: number): Image =>
  imageOf(config, layer, { annotations: { variant: String(variant) } });

function imageOf(config: Blob, layer: Blob, further: object = {}): Image {
  const descriptor = ({ bytes, digest }: Blob, mediaType: string) => ({
    mediaType,
    digest,
    size: bytes.length,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor(config, 'application/vnd.oci.image.config.v1+json'),
    layers: [descriptor(layer, 'application/vnd.oci.image.layer.v1.tar+gzip')],
    ...further,
  };
  return { config, layer, manifest: blobOf(JSON.stringify(manifest)) };
}
