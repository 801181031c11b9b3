import { type Readable } from 'node:stream';
import { type BaseImage, type BaseInfo } from '../base/base-source';
import { type Digest } from '../digest';
import { type StageStep } from '../dockerfile/read-stage';
import { assembleImage, type LayerOfPlatform } from '../image/assemble-image';
import { type BuiltImage } from '../image/build-image';
import {
  baseLabels,
  canonicalRunConfig,
  CREATED,
  type History,
  type HistoryStep,
  stageHistory,
} from '../image/image-config';
import { OciLayout } from '../layout';
import { type ImageConfig, MEDIA_TYPE } from '../manifest';
import { parsePlatform, type Platform, platformOf } from '../platform';
import { type ArchivedImage, withArchivedImage } from './image-archive';
import { withoutRepeatedFolders } from '../layer/repeated-folders';
import { type ImportedLayer, importLayer, scanLayer, storeLayer } from './import-layer';

export interface EngineBase extends BaseInfo {
  /** Loads the base image from a registry or the machine's cache; undefined if only the engine has it. */
  readonly load?: (platform: Platform) => Promise<BaseImage>;
  /** The layers of the base image in the engine, if it cannot be loaded. */
  readonly diffIds?: readonly Digest[];
}

export interface ImportImageRequest {
  readonly platforms: readonly {
    /** `os/architecture` */
    readonly platform: string;
    /** The output of `docker save` or `podman save`. */
    readonly archive: () => Readable;
  }[];
  readonly base: EngineBase;
  /**
   * The steps of the final stage, if the Dockerfile is supported: the history is then the same for all engines.
   * @param base the config of the base image, if it can be loaded
   */
  readonly stepsOn?: (
    base: ImageConfig | undefined,
    platform: Platform,
  ) => readonly StageStep[] | undefined;
  /** Becomes an OCI layout without the layers of a base image that can be loaded. An existing image is replaced. */
  readonly outDir: string;
}

/**
 * Imports an image from a container engine. Layers and config are rewritten in a canonical form: the same content has the same
 * digest with every engine and at any time.
 * @throws OciError (`ARCHIVE_INVALID`, `LAYER_INVALID`, `DISK_FULL`), RegistryError; an existing image in outDir is kept
 */
export async function importImage(request: ImportImageRequest): Promise<BuiltImage> {
  const { base, outDir } = request;
  const layout = await OciLayout.create(outDir);
  const images = [];
  for (const { platform, archive } of request.platforms) {
    const loaded = await base.load?.(parsePlatform(platform));
    const options = { dir: outDir, isKnown: knownIn(loaded) };
    const imported = await withArchivedImage(archive(), options, (image) =>
      importPlatform(image, loaded, request, layout),
    );
    images.push({ platform, ...imported });
  }
  return assembleImage(layout, images, base);
}

/** Whether an entry is a layer of the base image. Archives name layers by digest, except those of Docker before version 25. */
function knownIn(base: BaseImage | undefined): (name: string) => boolean {
  const hex = base?.layers.flatMap(({ descriptor, diffId }) => [descriptor.digest, diffId]) ?? [];
  const known = new Set(hex.map((digest) => digest.slice('sha256:'.length)));
  return (name) => known.has(/([0-9a-f]{64})(?:\.tar)?$/.exec(name)?.[1] ?? '');
}

async function importPlatform(
  { config, layers }: ArchivedImage,
  loaded: BaseImage | undefined,
  request: ImportImageRequest,
  layout: OciLayout,
): Promise<{ layers: readonly LayerOfPlatform[]; config: ImageConfig }> {
  const diffIds = loaded?.layers.map(({ diffId }) => diffId) ?? request.base.diffIds ?? [];
  const isOnBase = diffIds.every((diffId, index) => layers[index]?.diffId === diffId);
  const base = isOnBase ? loaded : undefined;
  const baseCount = isOnBase ? diffIds.length : 0;
  const all: LayerOfPlatform[] = [];
  if (base) all.push(...base.layers.map((layer) => ({ ...layer, fromBase: true })));
  for (const { tar } of base ? [] : layers.slice(0, baseCount)) {
    all.push(describe(await storeLayer(await tar(), layout), true));
  }
  const scanned = [];
  for (const { tar } of layers.slice(baseCount)) scanned.push(await scanLayer(await tar()));
  const kept = withoutRepeatedFolders(scanned);
  for (const layer of kept) {
    if (layer) all.push(describe(await importLayer(layer, layout), false));
  }
  const keptAboveBase = [...Array<boolean>(base ? 0 : baseCount).fill(true), ...kept.map(Boolean)];
  return {
    layers: all,
    config: {
      created: CREATED,
      ...(config.author ? { author: config.author } : {}),
      ...platformOf(base?.config ?? config),
      config: canonicalRunConfig(config.config ?? {}, baseLabels(request.base)),
      rootfs: { type: 'layers', diff_ids: all.map(({ diffId }) => diffId) },
      history: historyOf(
        config,
        base,
        request.stepsOn?.(base?.config, platformOf(config)),
        keptAboveBase,
      ),
    },
  };
}

function describe({ digest, size, diffId }: ImportedLayer, fromBase: boolean): LayerOfPlatform {
  return { descriptor: { mediaType: MEDIA_TYPE.ociLayerGzip, digest, size }, diffId, fromBase };
}

/**
 * The history of the base image, then the steps of the Dockerfile; if it is not supported, the steps in the engine's history
 * without times and names of containers.
 * @param kept of each layer above a loaded base image, whether it is in the image
 */
function historyOf(
  { history }: ImageConfig,
  base: BaseImage | undefined,
  steps: readonly StageStep[] | undefined,
  kept: readonly boolean[],
): History {
  const below = base?.config.history ?? [];
  const known = steps && alignSteps(steps, kept);
  if (known) return [...below, ...stageHistory(known)];
  let layer = 0;
  const above = (history ?? []).slice(below.length).map(({ created_by, empty_layer }) => {
    const isEmpty = empty_layer === true || kept[layer++] !== true;
    return { created: CREATED, created_by, ...(isEmpty ? { empty_layer: true } : {}) };
  });
  return [...below, ...above];
}

/** Engines write a layer for each step that may change files, or none for a WORKDIR. */
function alignSteps(
  steps: readonly StageStep[],
  kept: readonly boolean[],
): HistoryStep[] | undefined {
  const withFiles = steps.filter(({ files }) => files);
  const copies = withFiles.filter(({ files }) => files?.type === 'copy');
  const isKept = (written: readonly StageStep[], flags: readonly boolean[]) =>
    steps.map((step) => ({
      createdBy: step.createdBy,
      emptyLayer: flags[written.indexOf(step)] !== true,
    }));
  if (withFiles.length === kept.length) return isKept(withFiles, kept);
  const present = kept.filter(Boolean);
  return copies.length === present.length ? isKept(copies, present) : undefined;
}
