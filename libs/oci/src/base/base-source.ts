import path from 'node:path';
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
  /** The content of a layer. */
  readonly blob: BlobSource;
  /** A folder of the machine's cache for the names in layers. */
  readonly listings?: string;
}

export interface BaseInfo {
  /** As in the Dockerfile. */
  readonly reference: string;
  /** Of the index or manifest that the reference resolved to; undefined for a stand-in. */
  readonly digest?: Digest;
  /** Made of the host's Node, because the registry was unreachable. */
  readonly standIn: boolean;
}

export interface BaseCandidate extends BaseInfo {
  /** Changes with the content. */
  readonly identity: string;
  /** `os/architecture` of each image of the reference. */
  readonly platforms: readonly string[];
  /** Digests of their manifests by platform; undefined for a stand-in. */
  readonly manifests?: Readonly<Record<string, Digest>>;
  /** Config and layers, without the content of the layers: see baseBlobs. */
  load(platform: Platform): Promise<BaseImage>;
}

/** A source of base images. */
export interface BaseSource {
  /** @throws OciError (RegistryError, `BASE_UNAVAILABLE`, `BASE_PIN_GONE`) */
  resolve(reference: string): Promise<BaseCandidate>;
}

/** Returns a file with the complete content of a blob. */
export type BlobSource = (blob: Blob) => Promise<string>;

/** The names in the layers of base images, by digest. */
export const listingsIn = (cacheDir: string): string => path.join(cacheDir, 'listings');
