import { type BaseImage } from '../base/base-source';
import { type RuntimeStage } from '../dockerfile/runtime-stage';
import { type Layer } from '../layer/create-layer';
import { type OciLayout } from '../layout';
import { type Descriptor, MEDIA_TYPE } from '../manifest';
import { platformOf } from '../platform';
import { type BuiltLayer, type BuiltPlatform } from './build-image';
import { imageConfig } from './image-config';

/** Writes our layers, config and manifest of one platform; the base's layers stay where they are. */
export async function assemblePlatform(
  layout: OciLayout,
  platform: string,
  base: BaseImage,
  stage: RuntimeStage,
  ours: readonly Layer[],
): Promise<{ platform: BuiltPlatform; descriptor: Descriptor }> {
  const layers: BuiltLayer[] = base.layers.map(({ descriptor, diffId }) =>
    builtLayer(descriptor, diffId, true),
  );
  for (const { descriptor, diffId, bytes } of ours) {
    await layout.write(bytes);
    layers.push(builtLayer(descriptor, diffId, false));
  }
  const content = imageConfig(base, stage, ours);
  const config = await writeJsonBlob(layout, MEDIA_TYPE.ociConfig, content);
  const manifest = await writeJsonBlob(layout, MEDIA_TYPE.ociManifest, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
  });
  return {
    platform: { platform, digest: manifest.digest, configDigest: config.digest, layers },
    descriptor: {
      ...manifest,
      platform: platformOf(content),
    },
  };
}

export async function writeJsonBlob(
  layout: OciLayout,
  mediaType: string,
  value: unknown,
): Promise<Descriptor> {
  const { digest, size } = await layout.write(Buffer.from(JSON.stringify(value)));
  return { mediaType, digest, size };
}

function builtLayer(
  { mediaType, digest, size }: Descriptor,
  diffId: BuiltLayer['diffId'],
  fromBase: boolean,
): BuiltLayer {
  return { digest, size, diffId, mediaType, fromBase };
}
