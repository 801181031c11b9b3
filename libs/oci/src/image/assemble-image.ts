import { type BaseInfo, type BaseLayer } from '../base/base-source';
import { type OciLayout } from '../layout';
import { type Descriptor, type ImageConfig, MEDIA_TYPE } from '../manifest';
import { platformOf } from '../platform';
import { type BuiltImage, type BuiltPlatform } from './build-image';

export interface LayerOfPlatform extends BaseLayer {
  readonly fromBase: boolean;
}

/** An image for one platform. Layers that are not from the base image are in the layout. */
export interface PlatformImage {
  /** `os/architecture` */
  readonly platform: string;
  readonly layers: readonly LayerOfPlatform[];
  readonly config: ImageConfig;
}

/** Writes configs, manifests and, for several platforms, an index, and makes them the layout's only image. */
export async function assembleImage(
  layout: OciLayout,
  images: readonly PlatformImage[],
  { reference, digest, standIn }: BaseInfo,
): Promise<BuiltImage> {
  const built = [];
  for (const image of images) built.push(await writePlatform(layout, image));
  const top = await writeTop(
    layout,
    built.map(({ descriptor }) => descriptor),
  );
  await layout.setImages([top]);
  return {
    digest: top.digest,
    mediaType: top.mediaType,
    platforms: built.map(({ platform }) => platform),
    base: { reference, digest, standIn },
  };
}

async function writePlatform(
  layout: OciLayout,
  { platform, layers, config: content }: PlatformImage,
): Promise<{ platform: BuiltPlatform; descriptor: Descriptor }> {
  const config = await writeJsonBlob(layout, MEDIA_TYPE.ociConfig, content);
  const manifest = await writeJsonBlob(layout, MEDIA_TYPE.ociManifest, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config,
    layers: layers.map(({ descriptor: { mediaType, digest, size } }) => ({
      mediaType,
      digest,
      size,
    })),
  });
  return {
    platform: {
      platform,
      digest: manifest.digest,
      configDigest: config.digest,
      layers: layers.map(({ descriptor: { digest, size, mediaType }, diffId, fromBase }) => ({
        digest,
        size,
        diffId,
        mediaType,
        fromBase,
      })),
    },
    descriptor: { ...manifest, platform: platformOf(content) },
  };
}

async function writeTop(layout: OciLayout, manifests: readonly Descriptor[]): Promise<Descriptor> {
  const [only] = manifests;
  if (only && manifests.length === 1) return only;
  return writeJsonBlob(layout, MEDIA_TYPE.ociIndex, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociIndex,
    manifests,
  });
}

async function writeJsonBlob(
  layout: OciLayout,
  mediaType: string,
  value: unknown,
): Promise<Descriptor> {
  const { digest, size } = await layout.write(Buffer.from(JSON.stringify(value)));
  return { mediaType, digest, size };
}
