import { type Digest } from './digest';
import { type Descriptor } from './manifest';

/** An OCI image layout: a folder with `oci-layout`, `index.json` and `blobs/sha256`. */
export class OciLayout {
  private constructor(readonly dir: string) {}

  /** Makes the folder a layout unless it is one. @throws OciError `LAYOUT_INVALID` */
  static async create(_dir: string): Promise<OciLayout> {
    throw new Error('not yet');
  }

  /** @throws OciError `LAYOUT_INVALID` when the folder holds no layout of version 1.0.0 */
  static async open(_dir: string): Promise<OciLayout> {
    throw new Error('not yet');
  }

  /** The file of a blob, whether it is there or not. */
  blobPath(_digest: Digest): string {
    throw new Error('not yet');
  }

  /** The images that index.json names. */
  async images(): Promise<readonly Descriptor[]> {
    throw new Error('not yet');
  }

  /** @throws OciError `BLOB_MISSING`, `DIGEST_MISMATCH` */
  async read(_digest: Digest): Promise<Buffer> {
    throw new Error('not yet');
  }
}
