import { type Blob } from '../blob-store';
import { type Digest } from '../digest';
import { type Descriptor, type ImageConfig } from '../manifest';
import { type Platform } from '../platform';

export interface BaseLayer {
  readonly descriptor: Descriptor;
  /** Digest of the uncompressed layer. */
  readonly diffId: Digest;
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
  /** Another one whenever the content is another. */
  readonly identity: string;
  /** `os/architecture` of every image behind the reference. */
  readonly platforms: readonly string[];
  /** By platform, the digests of their manifests; a stand-in has none. */
  readonly manifests?: Readonly<Record<string, Digest>>;
  /** Config and layers, as far as they are known without their content: see baseBlobs. */
  load(platform: Platform): Promise<BaseImage>;
}

/** Where base images come from. */
export interface BaseSource {
  /** @throws OciError (RegistryError, `BASE_UNAVAILABLE`, `BASE_PIN_GONE`) */
  resolve(reference: string): Promise<BaseCandidate>;
}

/** The content of blobs: a file that holds the whole of it. */
export type BlobSource = (blob: Blob) => Promise<string>;
