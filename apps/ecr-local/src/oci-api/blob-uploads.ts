import { type Request, type RequestHandler, type Response } from 'express';
import { OciError } from '../errors/oci-error';
import { type Registry } from '../registry/registry';
import { repositoryToPushTo } from '../registry/create-from-template';
import { layerBucket, type Repository } from '../registry/repository';
import { mountBlob } from './blob-mount';
import { type MayPerform } from './permissions';
import { type Protocol } from './protocol';
import {
  checkedDigest,
  digestHeader,
  pathPart,
  requestedName,
  requestedRepository,
} from './requested-repository';

interface Upload {
  readonly repository: Repository;
  readonly bucket: string;
  readonly id: string;
}

/**
 * POST /v2/<name>/blobs/uploads/
 * A mount that cannot be done is answered with an upload.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-blobs
 */
export const startUpload =
  (registry: Registry, protocol: Protocol, mayPerform: MayPerform): RequestHandler =>
  async (request, response) => {
    const repository = await repositoryToPushTo(registry, requestedName(request));
    const whole =
      request.query.digest === undefined ? undefined : checkedDigest(request.query.digest);
    const { from } = request.query;
    const mounted =
      typeof from === 'string' && mayPerform(request, response, 'ecr:GetDownloadUrlForLayer', from)
        ? await mountBlob(registry, repository, request.query, protocol)
        : undefined;
    if (mounted !== undefined) return answerBlob(response, repository, mounted);
    const bucket = layerBucket(repository);
    const upload = { repository, bucket, id: await registry.uploads.begin(bucket) };
    if (whole === undefined) return answerProgress(response, upload, 0, 202);
    await receive(registry, request, upload).catch(async (error: unknown) => {
      // The client never got the id of the upload, so it could not be resumed.
      await registry.uploads.cancel(upload.bucket, upload.id);
      throw error;
    });
    await finish(registry, response, upload, whole);
  };

/**
 * PATCH /v2/<name>/blobs/uploads/<id>
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-a-blob-in-chunks
 */
export const uploadChunk =
  (registry: Registry, protocol: Protocol): RequestHandler =>
  async (request, response) => {
    const upload = requestedUpload(registry, request);
    const before = await registry.uploads.size(upload.bucket, upload.id);
    const size = await receive(registry, request, upload);
    if (protocol === 'oci') answerProgress(response, upload, size, 202);
    else answerProgress(response, upload, size - (before ?? 0), 201);
  };

/** GET /v2/<name>/blobs/uploads/<id>: how far it is. */
export const uploadStatus =
  (registry: Registry): RequestHandler =>
  async (request, response) => {
    const upload = requestedUpload(registry, request);
    const size = await registry.uploads.size(upload.bucket, upload.id);
    if (size === undefined) throw unknownUpload(upload);
    answerProgress(response, upload, size, 204);
  };

/** PUT /v2/<name>/blobs/uploads/<id>?digest=<digest>, with the last (or the only) bytes or without. */
export const finishUpload =
  (registry: Registry): RequestHandler =>
  async (request, response) => {
    const upload = requestedUpload(registry, request);
    const digest = checkedDigest(request.query.digest);
    await receive(registry, request, upload);
    await finish(registry, response, upload, digest);
  };

/** DELETE /v2/<name>/blobs/uploads/<id> */
export const cancelUpload =
  (registry: Registry): RequestHandler =>
  async (request, response) => {
    const upload = requestedUpload(registry, request);
    if (!(await registry.uploads.cancel(upload.bucket, upload.id))) throw unknownUpload(upload);
    response.status(204).end();
  };

function requestedUpload(registry: Registry, request: Request): Upload {
  const repository = requestedRepository(registry, request);
  return { repository, bucket: layerBucket(repository), id: pathPart(request, 'upload') };
}

const unknownUpload = ({ id }: Upload) =>
  new OciError('BLOB_UPLOAD_UNKNOWN', `There is no upload ${id}. Start one with a POST.`);

/** Adds the request's body; answers how many bytes the upload holds then. */
async function receive(registry: Registry, request: Request, upload: Upload): Promise<number> {
  const start = declaredStart(request);
  // A failure half way must leave the connection to answer on.
  const bytes = request.iterator({ destroyOnReturn: false });
  const size = await registry.uploads.append(upload.bucket, upload.id, start, bytes);
  if (size === undefined) throw unknownUpload(upload);
  if (size === 'out-of-order') {
    const held = await registry.uploads.size(upload.bucket, upload.id);
    throw new OciError(
      'BLOB_UPLOAD_INVALID',
      `The chunk starts at byte ${start}, but byte ${held} comes next.`,
    );
  }
  return size;
}

/** Content-Range is `<first>-<last>` in this protocol, with no unit. */
function declaredStart(request: Request): number | undefined {
  const header = request.get('content-range');
  if (header === undefined) return undefined;
  const [, first, last] = /^(\d+)-(\d+)$/.exec(header) ?? [];
  const length = Number(last) - Number(first) + 1;
  if (!(length >= 1)) {
    throw new OciError(
      'BLOB_UPLOAD_INVALID',
      `The Content-Range '${header}' is not '<first>-<last>'.`,
    );
  }
  const declared = request.get('content-length');
  if (declared !== undefined && Number(declared) !== length) {
    throw new OciError(
      'SIZE_INVALID',
      `The Content-Range '${header}' has ${length} bytes, but the body has ${declared}.`,
    );
  }
  return Number(first);
}

async function finish(
  registry: Registry,
  response: Response,
  { repository, bucket, id }: Upload,
  digest: string,
): Promise<void> {
  const result = await registry.uploads.commit(bucket, id, digest);
  if (result === 'unknown-upload') throw unknownUpload({ repository, bucket, id });
  if (result === 'digest-mismatch') {
    throw new OciError('DIGEST_INVALID', `The uploaded bytes do not have the digest ${digest}.`);
  }
  answerBlob(response, repository, digest);
}

function answerBlob(response: Response, { name }: Repository, digest: string): void {
  response.setHeader('location', `/v2/${name}/blobs/${digest}`);
  response.setHeader(digestHeader, digest);
  response.status(201).end();
}

/** The Range of no bytes is `0-0` too: the protocol has no other form, and clients expect it. */
function answerProgress(
  response: Response,
  { repository, id }: Upload,
  size: number,
  status: number,
): void {
  response.setHeader('location', `/v2/${repository.name}/blobs/uploads/${id}`);
  response.setHeader('range', `0-${Math.max(0, size - 1)}`);
  response.setHeader('docker-upload-uuid', id);
  response.status(status).end();
}
