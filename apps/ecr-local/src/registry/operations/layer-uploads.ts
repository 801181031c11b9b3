import { z } from 'zod';
import { EcrError } from '../../errors/ecr-error';
import { digestRule, isDigest } from '../../storage/digest';
import { addressed, refOf } from '../addressed';
import { repositoryToPushTo } from '../create-from-template';
import { type EcrService } from '../ecr-service';
import { type Registry } from '../registry';
import { layerBucket, type Repository } from '../repository';
import { batchOf, inRepository, operation } from '../requests';

/** The part size that ECR announces, and the maximum that it accepts. */
const partSize = 10 * 1024 * 1024;
const partLimit = 20 * 1024 * 1024;

/** In time that is linear in 28 MB. */
const isBase64 = (text: string): boolean =>
  text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.replace(/={1,2}$/, ''));

const uploadField = { ...inRepository, uploadId: z.string() };
const partSchema = z.strictObject({
  ...uploadField,
  partFirstByte: z.int().min(0),
  partLastByte: z.int().min(0),
  layerPartBlob: z
    .string()
    .refine(isBase64, 'must be base64')
    .transform((text) => Buffer.from(text, 'base64')),
});
const completeSchema = z.strictObject({ ...uploadField, layerDigests: batchOf(z.string()) });

export function layerUploadOperations(
  registry: Registry,
): Pick<EcrService, 'initiateLayerUpload' | 'uploadLayerPart' | 'completeLayerUpload'> {
  const { uploads } = registry;
  return {
    initiateLayerUpload: operation(z.strictObject(inRepository), async (request) => {
      const uploadId = await uploads.begin(layerBucket(await pushedTo(registry, request)));
      return { uploadId, partSize };
    }),
    uploadLayerPart: operation(partSchema, async (request) => {
      const repository = addressed(registry, request);
      const { uploadId } = request;
      const received = await appendPart(registry, repository, request);
      return { ...refOf(registry, repository), uploadId, lastByteReceived: received - 1 };
    }),
    completeLayerUpload: operation(completeSchema, async (request) => {
      const repository = addressed(registry, request);
      const layerDigest = await completeUpload(registry, repository, request);
      return { ...refOf(registry, repository), uploadId: request.uploadId, layerDigest };
    }),
  };
}

/** The repository of the first request of a push, which may have to be created. */
function pushedTo(
  registry: Registry,
  { registryId = registry.account, repositoryName }: Parameters<typeof addressed>[1],
): Promise<Repository> {
  if (registryId === registry.account) return repositoryToPushTo(registry, repositoryName);
  throw registry.refusals.repositoryNotFound(repositoryName, registryId);
}

async function appendPart(
  { uploads, refusals, account }: Registry,
  repository: Repository,
  part: z.output<typeof partSchema>,
): Promise<number> {
  const bucket = layerBucket(repository);
  const held = await uploads.size(bucket, part.uploadId);
  if (held === undefined) throw refusals.uploadNotFound(repository.name, part.uploadId);
  const invalidPart = (problem: string) =>
    new EcrError('InvalidLayerPartException', problem, {
      registryId: account,
      repositoryName: repository.name,
      uploadId: part.uploadId,
      lastValidByteReceived: held - 1,
    });
  const { layerPartBlob: bytes, partFirstByte, partLastByte } = part;
  if (bytes.length > partLimit) throw invalidPart(`A layer part has at most ${partLimit} bytes`);
  if (bytes.length !== partLastByte - partFirstByte + 1) {
    throw invalidPart(
      `The layer part has ${bytes.length} bytes, not those from ${partFirstByte} to ${partLastByte}`,
    );
  }
  const received = await uploads.append(bucket, part.uploadId, partFirstByte, [bytes]);
  if (received === undefined) throw refusals.uploadNotFound(repository.name, part.uploadId);
  if (received === 'out-of-order') {
    throw invalidPart(
      `The layer part starts at byte ${partFirstByte}, but byte ${held} comes next`,
    );
  }
  return received;
}

async function completeUpload(
  { uploads, blobs, refusals }: Registry,
  repository: Repository,
  { uploadId, layerDigests }: z.output<typeof completeSchema>,
): Promise<string> {
  const bucket = layerBucket(repository);
  const held = await uploads.size(bucket, uploadId);
  if (held === undefined) throw refusals.uploadNotFound(repository.name, uploadId);
  if (held === 0) {
    throw new EcrError(
      'EmptyUploadException',
      `The upload with id '${uploadId}' holds no layer parts`,
    );
  }
  const digest = layerDigests.find(isDigest);
  if (digest === undefined) {
    throw refusals.invalidParameter('layerDigests', `must hold a digest: ${digestRule}`);
  }
  if (await blobs.stat(bucket, digest)) {
    await uploads.cancel(bucket, uploadId);
    throw new EcrError(
      'LayerAlreadyExistsException',
      `Layer with digest '${digest}' already exists in the repository with name '${repository.name}'`,
    );
  }
  const result = await uploads.commit(bucket, uploadId, digest);
  if (result === 'unknown-upload') throw refusals.uploadNotFound(repository.name, uploadId);
  if (result === 'digest-mismatch') {
    throw new EcrError(
      'InvalidLayerException',
      `The layer's bytes do not have the digest '${digest}'`,
    );
  }
  return digest;
}
