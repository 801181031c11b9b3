import { imageStatus } from '../storage-class';
import { z } from 'zod';
import { addressed } from '../addressed';
import { isFailure, resolveImage } from '../delete-images';
import { type EcrService, type ImageDetail, type ImageFilter } from '../ecr-service';
import { type StoredImage } from '../images';
import { pageOf } from '../page';
import { type Registry } from '../registry';
import { type Repository } from '../repository';
import { batchOf, imageIdField, inRepository, operation, pageFields } from '../requests';
import { refusePaging } from './repositories';

const filterField = z
  .strictObject({
    tagStatus: z.enum(['TAGGED', 'UNTAGGED', 'ANY']).optional(),
    imageStatus: z.enum(['ACTIVE', 'ARCHIVED', 'ACTIVATING', 'ANY']).optional(),
  })
  .optional();

const listSchema = z.strictObject({ ...inRepository, ...pageFields, filter: filterField });
const describeSchema = z.strictObject({
  ...listSchema.shape,
  imageIds: batchOf(imageIdField).optional(),
});

export function imageOperations(
  registry: Registry,
): Pick<EcrService, 'describeImages' | 'listImages'> {
  const { clock } = registry;
  return {
    describeImages: operation(describeSchema, (request) => {
      const repository = addressed(registry, request);
      const { imageIds, filter, ...page } = request;
      const describe = (image: StoredImage) => describeImage(registry, repository, image);
      if (imageIds) {
        refusePaging(page, 'imageIds');
        const images = new Set(imageIds.map((id) => existing(registry, repository, id)));
        return { imageDetails: [...images].filter(selectedBy(filter, clock())).map(describe) };
      }
      const { items, nextToken } = pageOf(
        repository.images.values().filter(selectedBy(filter, clock())),
        ({ digest }) => digest,
        page,
      );
      return {
        imageDetails: items.map(describe),
        ...(nextToken !== undefined && { nextToken }),
      };
    }),
    listImages: operation(listSchema, (request) => {
      const { images } = addressed(registry, request);
      const ids = images
        .values()
        .filter(selectedBy(request.filter, clock()))
        .flatMap(({ digest, tags }) =>
          tags.length > 0
            ? tags.map((imageTag) => ({ imageDigest: digest, imageTag }))
            : [{ imageDigest: digest }],
        );
      const { items, nextToken } = pageOf(
        ids,
        (id) => `${id.imageDigest} ${'imageTag' in id ? id.imageTag : ''}`,
        request,
      );
      return { imageIds: items, ...(nextToken !== undefined && { nextToken }) };
    }),
  };
}

const selectedBy =
  ({ tagStatus = 'ANY', imageStatus: wanted = 'ANY' }: ImageFilter = {}, now: Date) =>
  (image: StoredImage): boolean =>
    (wanted === 'ANY' || wanted === imageStatus(image, now)) &&
    (tagStatus === 'ANY' || (tagStatus === 'TAGGED') === image.tags.length > 0);

function existing(
  { refusals }: Registry,
  repository: Repository,
  id: z.output<typeof imageIdField>,
): StoredImage {
  const image = resolveImage(repository.images, id);
  if (isFailure(image)) throw refusals.imageNotFound(repository.name, id);
  return image;
}

function describeImage(
  { account, clock }: Registry,
  { name, images }: Repository,
  image: StoredImage,
): ImageDetail {
  const pulledAt = images.lastPull(image.digest);
  return {
    registryId: account,
    repositoryName: name,
    imageDigest: image.digest,
    ...(image.tags.length > 0 && { imageTags: image.tags }),
    imageSizeInBytes: image.size,
    imagePushedAt: new Date(image.pushedAt),
    imageManifestMediaType: image.mediaType,
    ...(image.artifactType !== undefined && { artifactMediaType: image.artifactType }),
    ...(pulledAt !== undefined && { lastRecordedPullTime: new Date(pulledAt) }),
    ...(image.subject !== undefined && { subjectManifestDigest: image.subject }),
    imageStatus: imageStatus(image, clock()),
    ...(image.archive && { lastArchivedAt: new Date(image.archive.archivedAt) }),
    ...(image.archive?.activatedAt !== undefined && {
      lastActivatedAt: new Date(image.archive.activatedAt),
    }),
  };
}
