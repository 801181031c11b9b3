import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BaseCandidate, type BaseInfo, type BaseSource } from '../base/base-source';
import { type Digest } from '../digest';
import { checkFinalStage } from '../dockerfile/check-stage';
import {
  baseReferences,
  findStage,
  type ReadStageOptions,
  splitStages,
} from '../dockerfile/stages';
import { OciError } from '../errors';
import { HostFiles } from '../files/host-files';
import { LayerFiles } from '../files/layer-files';
import { readIgnoreFile } from '../files/path-pattern';
import { withoutRepeatedFolders } from '../layer/repeated-folders';
import { OciLayout } from '../layout';
import { DEFAULT_PLATFORMS, hostArchitecture, parsePlatform } from '../platform';
import { assembleImage } from './assemble-image';
import { type BuiltStage, StageBuilder, type StageRoots } from './build-stage';
import { baseLabels, imageConfig, scratchConfig } from './image-config';
import { type PackedLayer, PackedLayers } from './packed-layers';

export interface BuildImageRequest {
  /** Path of the Dockerfile. */
  readonly dockerfile: string;
  /** `--build-arg` */
  readonly args?: Readonly<Record<string, string>>;
  /** The name of a stage. @default the final stage */
  readonly target?: string;
  /** The stages that this machine has run. */
  readonly stages: StageRoots;
  /** The folder that COPY and ADD without --from copy from. @default such a Dockerfile is not supported */
  readonly context?: string;
  /** `os/architecture`. @default those of DEFAULT_PLATFORMS that the base image has */
  readonly platforms?: readonly string[];
  readonly base: BaseSource;
  /** Becomes an OCI layout without the layers of the base image (see baseBlobs). An existing image is replaced. */
  readonly outDir: string;
}

export interface BuiltLayer {
  readonly digest: Digest;
  /** Compressed, in bytes. */
  readonly size: number;
  readonly diffId: Digest;
  readonly mediaType: string;
  readonly fromBase: boolean;
}

export interface BuiltPlatform {
  /** `os/architecture` */
  readonly platform: string;
  readonly digest: Digest;
  readonly configDigest: Digest;
  readonly layers: readonly BuiltLayer[];
}

export interface BuiltImage {
  /** Of the manifest, or of the index of several platforms. */
  readonly digest: Digest;
  readonly mediaType: string;
  readonly platforms: readonly BuiltPlatform[];
  readonly base: BaseInfo;
}

/**
 * Builds the final stage of a Dockerfile without a container engine and writes an OCI layout.
 * The same input gives the same digest in any folder, under any locale and time; files of `stages` also under any umask.
 * @throws DockerfileError, RegistryError, OciError (`DOCKERFILE_MISSING`, `COPY_SOURCE_MISSING`, `FILE_UNSUPPORTED`,
 *   `LAYER_INVALID`, `PLATFORM_MISSING`, `BASE_UNAVAILABLE`); an existing image in outDir is kept
 */
export async function buildImage(request: BuildImageRequest): Promise<BuiltImage> {
  const text = await readDockerfile(request.dockerfile);
  checkFinalStage(text, { ...optionsOf(request), hostStages: Object.keys(request.stages) });
  const { final: reference } = baseReferences(text, optionsOf(request));
  const base = reference === 'scratch' ? SCRATCH : await request.base.resolve(reference);
  const context = await contextOf(request);
  const layerFiles = new LayerFiles();
  try {
    const built = [];
    for (const platform of choosePlatforms(base, request.platforms)) {
      const target = parsePlatform(platform);
      const options = { ...optionsOf(request), platforms: { target, build: hostPlatform() } };
      const dockerfile = splitStages(text, options);
      const builder = new StageBuilder({
        dockerfile,
        roots: request.stages,
        context,
        platform: target,
        resolve: (name) => resolveImage(request.base, base, name),
        layers: layerFiles,
      });
      const stage = findStage(dockerfile.stages, options.file, request.target);
      built.push({ platform, stage: await builder.build(stage) });
    }
    return await writeImage(request.outDir, built, base);
  } finally {
    await layerFiles.close();
  }
}

const SCRATCH: BaseCandidate = {
  reference: 'scratch',
  identity: 'scratch',
  standIn: false,
  platforms: DEFAULT_PLATFORMS,
  load: () => Promise.reject(new Error('scratch has no content')),
};

const optionsOf = ({ dockerfile: file, args, target }: BuildImageRequest): ReadStageOptions => ({
  file,
  args,
  target,
});

const hostPlatform = () => ({ os: 'linux', architecture: hostArchitecture(process.arch) });

/** A stand-in replaces the base image of the final stage, and no other image. */
async function resolveImage(
  source: BaseSource,
  base: BaseCandidate,
  reference: string,
): Promise<BaseCandidate> {
  if (reference === base.reference) return base;
  const found = await source.resolve(reference);
  if (!found.standIn) return found;
  throw new OciError(
    'BASE_UNAVAILABLE',
    `Cannot pull ${reference}: its registry is unreachable.\nFix: build where it is reachable.`,
  );
}

/** The build context without the files that .dockerignore names. */
async function contextOf({
  context,
  dockerfile,
}: BuildImageRequest): Promise<HostFiles | undefined> {
  if (context === undefined) return undefined;
  const read = (file: string) => readFile(file, 'utf8').catch(() => undefined);
  const ignore =
    (await read(`${dockerfile}.dockerignore`)) ??
    (await read(path.join(context, '.dockerignore'))) ??
    '';
  return new HostFiles(context, { ignore: readIgnoreFile(ignore) });
}

/** Writes nothing before all platforms have been built. */
async function writeImage(
  outDir: string,
  built: readonly { readonly platform: string; readonly stage: BuiltStage }[],
  base: BaseInfo,
): Promise<BuiltImage> {
  const layout = await OciLayout.create(outDir);
  const packing = await PackedLayers.open(layout);
  const images = [];
  for (const { platform, stage } of built) {
    const candidates = stage.steps.map(({ members }) => ({
      entries: (members ?? []).map(({ header }) => header),
      members: members ?? [],
    }));
    const kept = withoutRepeatedFolders(candidates.filter(({ members }) => members.length > 0));
    const written = new Map<unknown, PackedLayer>();
    for (const layer of kept) {
      if (!layer) continue;
      written.set(layer, await packing.pack(layer.members));
    }
    const layers = [...written.values()];
    const below = stage.base?.layers ?? [];
    images.push({
      platform,
      layers: [
        ...below.map((layer) => ({ ...layer, fromBase: true })),
        ...layers.map((layer) => ({ ...layer, fromBase: false })),
      ],
      config: imageConfig({
        base: stage.base?.config ?? scratchConfig(parsePlatform(platform)),
        stage,
        layers,
        steps: stage.steps.map(({ createdBy }, index) => ({
          createdBy,
          emptyLayer: !written.has(candidates[index]),
        })),
        labels: base.reference === 'scratch' ? {} : baseLabels(base),
      }),
    });
  }
  const image = await assembleImage(layout, images, base);
  await packing.save();
  return image;
}

async function readDockerfile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OciError('DOCKERFILE_MISSING', `Cannot read ${file}.`, { cause });
  });
}

function choosePlatforms(base: BaseCandidate, wanted?: readonly string[]): readonly string[] {
  // A stand-in only exists for its host's platform.
  if (base.standIn) return base.platforms;
  const has = (platform: string) => base.platforms.includes(platform);
  const chosen = wanted ?? DEFAULT_PLATFORMS.filter(has);
  const missing = chosen.filter((platform) => !has(platform));
  if (missing.length === 0 && chosen.length > 0) return chosen;
  throw new OciError(
    'PLATFORM_MISSING',
    `Base image ${base.reference} has no image for ` +
      `${(missing.length > 0 ? missing : DEFAULT_PLATFORMS).join(', ')}, only for ${base.platforms.join(', ')}.`,
  );
}
