import { type Digest } from '../digest';
import { type OciLayout } from '../layout';
import {
  type Descriptor,
  imageIndexSchema,
  imageManifestSchema,
  isHeldByRegistry,
  isIndexMediaType,
} from '../manifest';
import { concurrently } from './concurrently';
import { type RegistryClient } from './registry-client';
import { DEFAULT_RETRY, type RetryPolicy, withRetry } from './retry';

export interface PullImageRequest {
  readonly client: RegistryClient;
  readonly repository: string;
  readonly digest: Digest;
  readonly layout: OciLayout;
  /** Of a blob whose stream breaks off. @default as the client's default */
  readonly retry?: RetryPolicy;
}

export interface PulledImage {
  /** For the layout's index. */
  readonly descriptor: Descriptor;
  /** Bytes that were fetched. */
  readonly fetchedBytes: number;
  /** Bytes that the layout had. */
  readonly presentBytes: number;
}

const PARALLEL_DOWNLOADS = 4;

/**
 * Brings an image with all that it refers to into a layout; what is there is not fetched again. The layout's index is left
 * as it is: name the descriptor there once all images are in.
 * @throws RegistryError, OciError `DIGEST_MISMATCH`
 */
export async function pullImage(request: PullImageRequest): Promise<PulledImage> {
  const { client, repository, digest, layout } = request;
  const { bytes, descriptor } = await client.getManifest(repository, digest);
  const content: unknown = JSON.parse(bytes.toString());
  const sum = { fetchedBytes: 0, presentBytes: 0 };
  if (isIndexMediaType(descriptor.mediaType)) {
    for (const child of imageIndexSchema.parse(content).manifests) {
      const pulled = await pullImage({ ...request, digest: child.digest });
      sum.fetchedBytes += pulled.fetchedBytes;
      sum.presentBytes += pulled.presentBytes;
    }
  } else {
    const { config, layers } = imageManifestSchema.parse(content);
    await concurrently(
      [config, ...layers.filter(isHeldByRegistry)],
      PARALLEL_DOWNLOADS,
      async (blob) => {
        const policy = request.retry ?? DEFAULT_RETRY;
        const outcome = await withRetry({ policy }, () =>
          layout.take(blob, () => client.getBlob(repository, blob)),
        );
        sum[outcome === 'taken' ? 'fetchedBytes' : 'presentBytes'] += blob.size;
      },
    );
  }
  await layout.write(bytes);
  return { descriptor, ...sum };
}
