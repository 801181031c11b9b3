import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Digest, OciLayout, type RunConfig } from '@typerush/oci';
import {
  type BuiltImage,
  type BuiltPlatform,
  readBuiltImage,
  PipelineError,
  type ServiceImage,
} from '@typerush/pipeline-context';
import { readBundle } from '@typerush/service-bundle';
import { type ImageFile } from './layers/image-file';
import { readLayer } from './layers/read-layer';
import { type PlatformSubject, type Subject } from './subject';

/** @throws PipelineError `NOT_BUILT`, `BUILT_IMAGE_INVALID`, `LAYER_UNREADABLE`; OciError where the layout is damaged */
export async function readSubject(service: ServiceImage): Promise<Subject> {
  const { outDir, project, workspaceRoot, projectRoot } = service;
  const built = await readBuiltImage(outDir);
  if (!built) {
    throw new PipelineError(
      'NOT_BUILT',
      `${project} has not been built: there is nothing to verify. Build it first: nx run ${project}:docker-build`,
    );
  }
  const layout = await OciLayout.open(path.join(outDir, built.layout));
  const layers = await readOwnLayers(layout, built);
  return {
    service,
    built,
    platforms: await Promise.all(
      built.platforms.map((platform) => readPlatform(layout, platform, layers)),
    ),
    files: [...layers.values()].flat(),
    bundled: await readBundled(path.join(workspaceRoot, 'dist', projectRoot)),
    lockFile: await readFile(path.join(workspaceRoot, 'package-lock.json'), 'utf8').catch(
      () => undefined,
    ),
  };
}

/** `name@version` each; undefined where the build was not one of `bundle`. */
async function readBundled(folder: string): Promise<string[] | undefined> {
  const bundle = await readBundle(folder).catch(() => undefined);
  return bundle?.packages.map(({ name, version }) => `${name}@${version}`);
}

type Layers = ReadonlyMap<Digest, readonly ImageFile[]>;

async function readPlatform(
  layout: OciLayout,
  built: BuiltPlatform,
  layers: Layers,
): Promise<PlatformSubject> {
  const configText = (await layout.read(built.configDigest)).toString();
  const { config } = JSON.parse(configText) as { config?: RunConfig };
  const files = built.layers.flatMap(({ digest }) => layers.get(digest) ?? []);
  return { built, files, run: config ?? {}, configText };
}

/** Each layer above the base, once however many platforms have it. */
async function readOwnLayers(layout: OciLayout, { platforms }: BuiltImage): Promise<Layers> {
  const layers = new Map<Digest, readonly ImageFile[]>();
  for (const { digest, size, fromBase } of platforms.flatMap((platform) => platform.layers)) {
    if (fromBase || layers.has(digest)) continue;
    layers.set(digest, await readLayer(await layout.blobFile({ digest, size })));
  }
  return layers;
}
