import { readFile } from 'node:fs/promises';
import { type BaseCandidate, type BaseInfo, type BaseSource } from '../base/base-source';
import { type Digest } from '../digest';
import { readFinalStage } from '../dockerfile/final-stage';
import { OciError } from '../errors';
import { OciLayout } from '../layout';
import { DEFAULT_PLATFORMS, parsePlatform } from '../platform';
import { assembleImage } from './assemble-image';
import { baseLabels } from './base-labels';
import { copyLayer, type StageRoots } from './copy-layer';
import { imageConfig } from './image-config';

export interface BuildImageRequest {
  /** Path of the Dockerfile. */
  readonly dockerfile: string;
  /** `--build-arg` */
  readonly args?: Readonly<Record<string, string>>;
  /** A stage's name; the final stage unless given. */
  readonly target?: string;
  /** By the name of a stage that is copied from: the host folder that stands for its WORKDIR. */
  readonly stages: StageRoots;
  /** `os/architecture`. @default as many of DEFAULT_PLATFORMS as the base has */
  readonly platforms?: readonly string[];
  readonly base: BaseSource;
  /** Becomes an OCI layout without the base's layers (see baseBlobs); an image that it holds already is replaced. */
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
  /** Of the manifest, or of the index when there is more than one platform. */
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
 *   the image that outDir holds stays then
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
    throw new OciError('DOCKERFILE_MISSING', `${file} cannot be read.`, { cause });
  });
}

function choosePlatforms(base: BaseCandidate, wanted?: readonly string[]): readonly string[] {
  // A stand-in is there for its host alone, which need not be what a service runs on.
  if (base.standIn) return base.platforms;
  const has = (platform: string) => base.platforms.includes(platform);
  const chosen = wanted ?? DEFAULT_PLATFORMS.filter(has);
  const missing = chosen.filter((platform) => !has(platform));
  if (missing.length === 0 && chosen.length > 0) return chosen;
  throw new OciError(
    'PLATFORM_MISSING',
    `${base.standIn ? `The stand-in for ${base.reference}` : base.reference} is not there for ` +
      `${(missing.length > 0 ? missing : DEFAULT_PLATFORMS).join(', ')}, only for ${base.platforms.join(', ')}.`,
  );
}
