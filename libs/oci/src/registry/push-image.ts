import { type Digest } from '../digest';
import { type OciLayout } from '../layout';
import { type RegistryClient } from './registry-client';

export type PushEvent =
  | {
      readonly kind: 'blob';
      readonly digest: Digest;
      readonly size: number;
      readonly action: 'uploaded' | 'present';
    }
  | { readonly kind: 'manifest'; readonly digest: Digest; readonly action: 'uploaded' | 'present' }
  | ({ readonly kind: 'tag' } & PushedTag);

export interface PushedTag {
  readonly tag: string;
  readonly action: 'created' | 'moved' | 'unchanged';
}

export interface PushImageRequest {
  readonly layout: OciLayout;
  /** A manifest or an index in the layout. */
  readonly digest: Digest;
  readonly client: RegistryClient;
  readonly repository: string;
  /** Moving tags are set once all the fixed ones stand. */
  readonly tags: { readonly fixed: readonly string[]; readonly moving: readonly string[] };
  readonly onProgress?: (event: PushEvent) => void;
}

export interface PushedImage {
  readonly digest: Digest;
  /** Bytes of the blobs that were sent. */
  readonly uploadedBytes: number;
  /** Bytes of the blobs that the registry had. */
  readonly skippedBytes: number;
  readonly tags: readonly PushedTag[];
}

/**
 * Puts an image into a registry: blobs, then manifests (children first), then fixed tags, then moving ones.
 * What stands already is not sent again.
 * @throws RegistryError; a fixed tag that the registry refuses (`TAG_INVALID`) leaves the moving tags where they were
 */
export async function pushImage(_request: PushImageRequest): Promise<PushedImage> {
  throw new Error('not yet');
}
