import { type Digest } from '../digest';
import { type Descriptor, type ImageConfig } from '../manifest';
import { type Platform } from '../platform';

export interface BaseLayer {
  readonly descriptor: Descriptor;
  /** Digest of the uncompressed layer. */
  readonly diffId: Digest;
  /** The compressed layer on this machine. */
  readonly file: string;
}

export interface BaseImage {
  readonly config: ImageConfig;
  readonly layers: readonly BaseLayer[];
}

export interface BaseInfo {
  /** As the Dockerfile names it. */
  readonly reference: string;
  /** What the reference resolved to, an index or a manifest; a stand-in has none. */
  readonly digest?: Digest;
  /** Made from the host's own Node, because the real base was out of reach. */
  readonly standIn: boolean;
}

export interface BaseCandidate extends BaseInfo {
  /** `os/architecture` of every image behind the reference. */
  readonly platforms: readonly string[];
  load(platform: Platform): Promise<BaseImage>;
}

/** Where base images come from. */
export interface BaseSource {
  /** @throws OciError (RegistryError, `BASE_UNAVAILABLE`) */
  resolve(reference: string): Promise<BaseCandidate>;
}
