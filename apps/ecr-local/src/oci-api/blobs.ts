import { type Request, type RequestHandler, type Response } from 'express';
import { OciError } from '../errors/oci-error';
import { type Registry } from '../registry/registry';
import { layerBucket } from '../registry/repository';
import { type ByteRange, type StoredBlob } from '../storage/blob-store';
import { sendBlob } from './send-blob';
import { checkedDigest, digestHeader, pathPart, requestedRepository } from './requested-repository';

/**
 * GET and HEAD /v2/<name>/blobs/<digest>
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-blobs
 */
export const pullBlob =
  (registry: Registry): RequestHandler =>
  async (request, response) => {
    const bucket = layerBucket(requestedRepository(registry, request));
    const digest = checkedDigest(pathPart(request, 'digest'));
    if (request.method === 'HEAD') {
      const blob = await registry.blobs.stat(bucket, digest);
      if (!blob) throw unknownBlob(digest);
      startAnswer(request, response, blob);
      response.end();
      return;
    }
    const blob = await registry.blobs.open(bucket, digest);
    if (!blob) throw unknownBlob(digest);
    try {
      const range = startAnswer(request, response, blob);
      await sendBlob(response, blob, range ?? { start: 0, end: blob.size - 1 });
    } finally {
      blob.close();
    }
  };

const unknownBlob = (digest: string) =>
  new OciError('BLOB_UNKNOWN', `The repository holds no blob ${digest}.`);

function startAnswer(
  request: Request,
  response: Response,
  blob: StoredBlob,
): ByteRange | undefined {
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader(digestHeader, blob.digest);
  const range = requestedRange(request, response, blob);
  if (range) {
    response.status(206);
    response.setHeader('content-range', `bytes ${range.start}-${range.end}/${blob.size}`);
  }
  response.setHeader('content-length', range ? range.end - range.start + 1 : blob.size);
  return range;
}

/** One range is answered; a malformed header, or several ranges, get the whole blob (RFC 9110, 14.2). */
function requestedRange(
  request: Request,
  response: Response,
  { size }: StoredBlob,
): ByteRange | undefined {
  const ranges = request.range(size);
  if (ranges === -1) {
    response.setHeader('content-range', `bytes */${size}`);
    throw new OciError('SIZE_INVALID', `The range lies outside the blob's ${size} bytes.`, 416);
  }
  if (!Array.isArray(ranges) || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}

/**
 * DELETE /v2/<name>/blobs/<digest>. Layers go with their images here, as in ECR.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#deleting-blobs
 */
export const refuseBlobDeletion: RequestHandler = () => {
  throw new OciError('UNSUPPORTED', 'A blob cannot be deleted by itself: delete its images.');
};
