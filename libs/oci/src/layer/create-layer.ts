import { type Digest } from '../digest';
import { type Descriptor } from '../manifest';

export interface LayerFile {
  /** Absolute in the image: `/app/main.js`. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Its mode becomes 0755, or 0644 unless set. */
  readonly executable?: boolean;
  /** Takes the place of both. */
  readonly mode?: number;
  /** @default 0 */
  readonly uid?: number;
  /** @default 0 */
  readonly gid?: number;
}

export interface Layer {
  readonly descriptor: Descriptor;
  /** Digest of the tar before compression. */
  readonly diffId: Digest;
  readonly bytes: Uint8Array;
}

/**
 * A gzipped tar whose bytes depend on the files alone: sorted, times at the epoch, compressed in JavaScript.
 * @throws OciError `LAYER_INVALID` when two files share a path or a path leaves the image's root
 */
export async function createLayer(_files: readonly LayerFile[]): Promise<Layer> {
  throw new Error('not yet');
}
