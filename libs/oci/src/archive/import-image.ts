import { type Readable } from 'node:stream';
import { type BaseImage, type BaseInfo } from '../base/base-source';
import { type Digest } from '../digest';
import { type StageStep } from '../dockerfile/final-stage';
import { type BuiltImage } from '../image/build-image';
import { assembleImage, type LayerOfPlatform } from '../image/assemble-image';
import { baseLabels } from '../image/base-labels';
import { canonicalRunConfig } from '../image/canonical-config';
import { CREATED } from '../image/image-config';
import { OciLayout } from '../layout';
import { type ImageConfig, MEDIA_TYPE } from '../manifest';
import { parsePlatform, type Platform, platformOf } from '../platform';
import { type ArchivedImage, type ArchivedLayer, readArchivedImage } from './archived-image';
import {
  type ImportedLayer,
  importLayer,
  scanLayer,
  storeLayer,
  withoutRepetitions,
} from './import-layer';
import { importedHistory } from './imported-history';
import { withUnpacked } from './unpack-archive';

export interface EngineBase extends BaseInfo {
  /** Where a registry or the machine's cache explains it. */
  readonly load?: (platform: Platform) => Promise<BaseImage>;
  /** The layers of the engine's own copy, for a base that nothing explains. */
  readonly diffIds?: readonly Digest[];
}

export interface ImportImageRequest {
  readonly platforms: readonly {
    /** `os/architecture` */
    readonly platform: string;
    /** What `docker save` or `podman save` writes. */
    readonly archive: () => Readable;
  }[];
  readonly base: EngineBase;
  /** Of the Dockerfile's final stage, where it can be read: the history is the same then, whatever has built. */
  readonly steps?: readonly StageStep[];
  /** Becomes an OCI layout without the layers of a base that is explained; what it holds already is replaced. */
  readonly outDir: string;
}

/**
 * Takes an image out of a container engine. Layers and config are written anew in one canonical form: the same content has
 * the same digest, whenever and wherever an engine has built it.
 * @throws OciError (`ARCHIVE_INVALID`, `LAYER_INVALID`, `DISK_FULL`), RegistryError; the image that outDir holds stays then
 */
export async function importImage(request: ImportImageRequest): Promise<BuiltImage> {
  const { base, outDir } = request;
  const layout = await OciLayout.create(outDir);
  const images = [];
  for (const { platform, archive } of request.platforms) {
    const loaded = await base.load?.(parsePlatform(platform));
    const unpacking = { dir: outDir, isKnown: knownIn(loaded) };
    const imported = await withUnpacked(archive(), unpacking, async (unpacked, folder) =>
      importPlatform(await readArchivedImage(unpacked, folder), loaded, request, layout),
    );
    images.push({ platform, ...imported });
  }
  return assembleImage(layout, images, base);
}

/** Archives name layers by digest, but for those of Docker before version 25. */
function knownIn(base: BaseImage | undefined): (name: string) => boolean {
  const hex = base?.layers.flatMap(({ descriptor, diffId }) => [descriptor.digest, diffId]) ?? [];
  const known = new Set(hex.map((digest) => digest.slice('sha256:'.length)));
  return (name) => known.has(/([0-9a-f]{64})(?:\.tar)?$/.exec(name)?.[1] ?? '');
}

async function importPlatform(
  { config, layers }: ArchivedImage,
  base: BaseImage | undefined,
  request: ImportImageRequest,
  layout: OciLayout,
): Promise<{ layers: readonly LayerOfPlatform[]; config: ImageConfig }> {
  const below = base?.layers.map(({ diffId }) => diffId) ?? request.base.diffIds ?? [];
  const isOnBase = below.every((diffId, index) => layers[index]?.diffId === diffId);
  const explained = isOnBase ? base : undefined;
  const ofBase = isOnBase ? below.length : 0;
  const lower = explained
    ? explained.layers.map((layer) => ({ ...layer, fromBase: true }))
    : await storeAll(layers.slice(0, ofBase), layout);
  const scanned = [];
  for (const { tar } of layers.slice(ofBase)) scanned.push(await scanLayer(await tar()));
  const kept = withoutRepetitions(scanned);
  const ours = [];
  for (const layer of kept) {
    if (layer) ours.push(describe(await importLayer(layer, layout), false));
  }
  const all = [...lower, ...ours];
  const run = config.config ?? {};
  return {
    layers: all,
    config: {
      created: CREATED,
      ...platformOf(explained?.config ?? config),
      config: canonicalRunConfig({
        ...run,
        Labels: { ...run.Labels, ...baseLabels(request.base) },
      }),
      rootfs: { type: 'layers', diff_ids: all.map(({ diffId }) => diffId) },
      history: importedHistory({
        engine: config.history ?? [],
        base: explained?.config.history ?? [],
        steps: request.steps,
        kept: [...lower.map(() => true), ...kept.map(Boolean)].slice(explained ? ofBase : 0),
      }),
    },
  };
}

async function storeAll(layers: readonly ArchivedLayer[], layout: OciLayout) {
  const stored: LayerOfPlatform[] = [];
  for (const { tar } of layers) stored.push(describe(await storeLayer(await tar(), layout), true));
  return stored;
}

function describe({ digest, size, diffId }: ImportedLayer, fromBase: boolean): LayerOfPlatform {
  return { descriptor: { mediaType: MEDIA_TYPE.ociLayerGzip, digest, size }, diffId, fromBase };
}
