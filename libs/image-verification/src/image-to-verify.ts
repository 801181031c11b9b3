import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Digest, OciLayout, type RunConfig } from '@typerush/oci';
import {
  type BuiltImage,
  type BuiltPlatform,
  notBuilt,
  readBuiltImage,
  type ServiceImage,
} from '@typerush/pipeline-context';
import { bundleOf } from '@typerush/service-bundle';
import { type ImageFile, readLayer } from './layers/read-layer';

/** A built image, and what its content is checked against. */
export interface ImageToVerify {
  readonly service: ServiceImage;
  readonly built: BuiltImage;
  readonly platforms: readonly PlatformToVerify[];
  /** The entries of all layers above the base image, each layer once, including entries that a later layer hides. */
  readonly files: readonly ImageFile[];
  /** The packages in the bundle, as `name@version`; undefined if they are unknown. */
  readonly bundled?: readonly string[];
  /** The packages that the bundle does not contain on purpose. */
  readonly leftOut?: readonly string[];
  /** The text of the workspace's package-lock.json, if there is one. */
  readonly lockFile?: string;
}

export interface PlatformToVerify {
  readonly built: BuiltPlatform;
  /** The entries of the layers above the base image, in order. */
  readonly files: readonly ImageFile[];
  readonly run: RunConfig;
  /** The text of the image configuration. */
  readonly configText: string;
}

/** @throws PipelineError `NOT_BUILT`, `BUILT_IMAGE_INVALID`, `LAYER_UNREADABLE`; OciError if the layout is damaged */
export async function readImageToVerify(service: ServiceImage): Promise<ImageToVerify> {
  const { outDir, project, workspaceRoot } = service;
  const built = await readBuiltImage(outDir);
  if (!built) throw notBuilt(project, 'verify');
  const layout = await OciLayout.open(path.join(outDir, built.layout));
  const layers = await readOwnLayers(layout, built);
  const platforms = built.platforms.map((platform) => readPlatform(layout, platform, layers));
  const bundle = await bundleOf(service);
  return {
    service,
    built,
    platforms: await Promise.all(platforms),
    files: [...layers.values()].flat(),
    bundled: bundle?.packages.map(({ name, version }) => `${name}@${version}`),
    leftOut: bundle?.external,
    lockFile: await readFile(path.join(workspaceRoot, 'package-lock.json'), 'utf8').catch(
      () => undefined,
    ),
  };
}

type Layers = ReadonlyMap<Digest, readonly ImageFile[]>;

/** Each layer above the base image, once even if several platforms have it. */
async function readOwnLayers(layout: OciLayout, { platforms }: BuiltImage): Promise<Layers> {
  const layers = new Map<Digest, readonly ImageFile[]>();
  for (const { digest, size, fromBase } of platforms.flatMap((platform) => platform.layers)) {
    if (fromBase || layers.has(digest)) continue;
    layers.set(digest, await readLayer(await layout.blobFile({ digest, size })));
  }
  return layers;
}

async function readPlatform(
  layout: OciLayout,
  built: BuiltPlatform,
  layers: Layers,
): Promise<PlatformToVerify> {
  const configText = (await layout.read(built.configDigest)).toString();
  const { config = {} } = JSON.parse(configText) as { config?: RunConfig };
  const files = built.layers.flatMap(({ digest }) => layers.get(digest) ?? []);
  return { built, files, run: config, configText };
}
