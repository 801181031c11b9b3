import { archivedImage, imageStatus } from '../storage-class';
import { z } from 'zod';
import { type Identity } from '../../access/identity';
import { addressed, refOf } from '../addressed';
import { afterPush } from '../after-push';
import { deleteImages, isFailure, resolveImage } from '../delete-images';
import {
  type EcrService,
  type Image,
  type ImageFailure,
  type ImageIdentifier,
} from '../ecr-service';
import { type StoredImage } from '../images';
import { pushManifest } from '../push-manifest';
import { damagedManifest, readManifest } from '../read-manifest';
import { recordPull } from '../record-pull';
import { type Registry } from '../registry';
import { type Repository } from '../repository';
import { batchOf, imageIdField, imageTagField, inRepository, operation } from '../requests';

const getSchema = z.strictObject({
  ...inRepository,
  imageIds: batchOf(imageIdField),
  acceptedMediaTypes: batchOf(z.string()).optional(),
});
const putSchema = z.strictObject({
  ...inRepository,
  imageManifest: z.string().min(1),
  imageManifestMediaType: z.string().optional(),
  imageTag: imageTagField.optional(),
  imageDigest: z.string().optional(),
});
const deleteSchema = z.strictObject({ ...inRepository, imageIds: batchOf(imageIdField) });

export function imageBatchOperations(
  registry: Registry,
): Pick<EcrService, 'batchGetImage' | 'putImage' | 'batchDeleteImage'> {
  return {
    batchGetImage: (input, identity) => getImages(registry, identity)(input),
    putImage: operation(putSchema, async (request) => {
      const { name } = addressed(registry, request);
      const bytes = Buffer.from(request.imageManifest);
      const pushed = await pushManifest(registry, name, {
        bytes,
        mediaType: request.imageManifestMediaType,
        tag: request.imageTag,
        digest: request.imageDigest,
      });
      const { image, outcome } = pushed;
      if (outcome === 'unchanged') {
        throw registry.refusals.imageExists(name, image.digest, request.imageTag);
      }
      await afterPush(registry, name, pushed, request.imageTag);
      const repository = registry.repositories.get(name);
      return { image: imageAnswer(registry, repository, image, request.imageTag, bytes) };
    }),
    batchDeleteImage: operation(deleteSchema, async (request) => {
      const { name } = addressed(registry, request);
      const { deleted, failures } = await registry.repositories.changeImages(name, (draft) =>
        deleteImages(draft, request.imageIds),
      );
      return { imageIds: deleted, failures };
    }),
  };
}

const getImages = (registry: Registry, identity: Identity | undefined) =>
  operation(getSchema, async (request) => {
    const repository = addressed(registry, request);
    const images: Image[] = [];
    const failures: ImageFailure[] = [];
    for (const imageId of request.imageIds) {
      const image = resolveAccepted(repository, imageId, request.acceptedMediaTypes);
      if ('failureCode' in image) {
        failures.push({ imageId, ...image });
        continue;
      }
      if (imageStatus(image, registry.clock()) !== 'ACTIVE') {
        failures.push({
          imageId,
          failureCode: 'ImageInaccessible',
          failureReason: archivedImage,
        });
        continue;
      }
      const bytes = await readManifest(registry, repository, image);
      if (!bytes) {
        failures.push({
          imageId,
          failureCode: 'ImageInaccessible',
          failureReason: damagedManifest,
        });
        continue;
      }
      recordPull(registry, repository, image.digest, identity);
      images.push(imageAnswer(registry, repository, image, imageId.imageTag, bytes));
    }
    return { images, failures };
  });

function resolveAccepted(
  repository: Repository,
  imageId: ImageIdentifier,
  acceptedMediaTypes: readonly string[] | undefined,
): StoredImage | Omit<ImageFailure, 'imageId'> {
  const image = resolveImage(repository.images, imageId);
  if (isFailure(image) || !acceptedMediaTypes || acceptedMediaTypes.includes(image.mediaType)) {
    return image;
  }
  return {
    failureCode: 'ImageNotFound',
    failureReason: `Requested image not found: it has the media type ${image.mediaType}`,
  };
}

function imageAnswer(
  registry: Registry,
  repository: Repository,
  image: StoredImage,
  imageTag: string | undefined,
  bytes: Buffer,
): Image {
  return {
    ...refOf(registry, repository),
    imageId: { imageDigest: image.digest, ...(imageTag !== undefined && { imageTag }) },
    imageManifest: bytes.toString(),
    imageManifestMediaType: image.mediaType,
  };
}
