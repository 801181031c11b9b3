import { type BaseInfo, type BaseSource } from '../base/base-source';
import { type Digest } from '../digest';

export interface BuildImageRequest {
  /** Path of the Dockerfile. */
  readonly dockerfile: string;
  /** `--build-arg` */
  readonly args?: Readonly<Record<string, string>>;
  /** A stage's name; the last stage unless given. */
  readonly target?: string;
  /** The host folder that stands for the WORKDIR of each stage that is copied from. */
  readonly stages: Readonly<Record<string, { readonly root: string }>>;
  /** `os/architecture`. @default as many of DEFAULT_PLATFORMS as the base has */
  readonly platforms?: readonly string[];
  readonly base: BaseSource;
  /** Becomes an OCI layout; an image that it holds already is replaced. */
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
 * Builds the runtime stage of a Dockerfile without a container engine and writes an OCI layout.
 * The same input gives the same digest in any folder, under any umask, locale and time.
 * @throws DockerfileError, RegistryError, OciError (`STAGE_ROOT_MISSING`, `COPY_SOURCE_MISSING`,
 *   `PLATFORM_MISSING`, `FILE_UNSUPPORTED`); nothing is written to outDir then
 */
export async function buildImage(_request: BuildImageRequest): Promise<BuiltImage> {
  throw new Error('not yet');
}
