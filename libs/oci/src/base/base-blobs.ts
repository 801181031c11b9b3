import { type Blob, BlobStore } from '../blob-store';
import { OciError } from '../errors';
import { type BaseInfo, type BlobSource } from './base-source';
import { cachedRepository, type RegistryBaseOptions } from './registry-base';

export interface BaseBlobsOptions extends RegistryBaseOptions {
  /** What the image stands on. */
  readonly base: BaseInfo;
  /** Added to the error about a stand-in's layer that this machine has not made. */
  readonly remedy: string;
}

/**
 * The layers of a base, which a sparse layout leaves out: out of the machine's cache, or from the base's registry for an
 * image that was assembled elsewhere.
 * The function throws RegistryError; OciError `BASE_BLOB_MISSING` for a stand-in, which is in no registry
 */
export function baseBlobs({ base, remedy, ...options }: BaseBlobsOptions): BlobSource {
  if (base.standIn) return standInBlobs(options.cacheDir, base.reference, remedy);
  const origin = cachedRepository(base.reference, options);
  return (blob) => origin.blob(blob);
}

function standInBlobs(cacheDir: string, reference: string, remedy: string): BlobSource {
  const blobs = new BlobStore(cacheDir);
  return async (blob: Blob) => {
    if (await blobs.isSound(blob)) return blobs.path(blob.digest);
    // A damaged one would be taken for whole by the next build.
    await blobs.remove(blob.digest);
    throw new OciError(
      'BASE_BLOB_MISSING',
      `The image stands on a stand-in for ${reference} whose layer ${blob.digest} is not on this machine: it was made ` +
        `on another one, or the cache ${cacheDir} was emptied since. ${remedy}`,
    );
  };
}
