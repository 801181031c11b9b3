import { readFile } from 'node:fs/promises';
import { type BaseCandidate, type BaseInfo, type BaseSource } from '../base/base-source';
import { type Digest } from '../digest';
import { readFinalStage } from '../dockerfile/final-stage';
import { OciError } from '../errors';
import { OciLayout } from '../layout';
import { DEFAULT_PLATFORMS, parsePlatform } from '../platform';
import { assembleImage } from './assemble-image';
import { copyLayer, type StageRoots } from './copy-layer';
import { baseLabels, imageConfig } from './image-config';

export interface BuildImageRequest {
  /** Path of the Dockerfile. */
  readonly dockerfile: string;
  /** `--build-arg` */
  readonly args?: Readonly<Record<string, string>>;
  /** The name of a stage. @default the final stage */
  readonly target?: string;
  /** For each stage that is copied from. */
  readonly stages: StageRoots;
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
 * The same input gives the same digest in any folder, under any umask, locale and time.
 * @throws DockerfileError, RegistryError, OciError (`DOCKERFILE_MISSING`, `STAGE_ROOT_MISSING`, `COPY_SOURCE_MISSING`,
 *   `COPY_SOURCE_OUTSIDE`, `FILE_UNSUPPORTED`, `LAYER_INVALID`, `PLATFORM_MISSING`, `BASE_UNAVAILABLE`);
 *   an existing image in outDir is kept
 */
export async function buildImage(request: BuildImageRequest): Promise<BuiltImage> {
  const { dockerfile: file, args, target } = request;
  const stage = readFinalStage(await readDockerfile(file), { file, args, target });
  const layers = [];
  for (const copy of stage.copies) layers.push(await copyLayer(copy, stage, request.stages));

  const base = await request.base.resolve(stage.baseReference);
  const platforms = choosePlatforms(base, request.platforms);
  const layout = await OciLayout.create(request.outDir);
  for (const { bytes } of layers) await layout.write(bytes);
  const images = [];
  for (const platform of platforms) {
    const below = await base.load(parsePlatform(platform));
    images.push({
      platform,
      layers: [
        ...below.layers.map((layer) => ({ ...layer, fromBase: true })),
        ...layers.map((layer) => ({ ...layer, fromBase: false })),
      ],
      config: imageConfig(below, stage, layers, baseLabels(base)),
    });
  }
  return assembleImage(layout, images, base);
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
