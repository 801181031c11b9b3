import { addressed } from '../addressed';
import { isFailure, resolveImage } from '../delete-images';
import { type ImageIdentifier } from '../ecr-service';
import { type StoredImage } from '../images';
import { type Registry } from '../registry';
import { type Repository } from '../repository';

/** A request about one image. */
export interface ImageRequest {
  readonly registryId?: string;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
}

/** Throws RepositoryNotFound- and ImageNotFoundException. */
export function addressedImage(
  registry: Registry,
  request: ImageRequest,
): {
  readonly repository: Repository;
  readonly image: StoredImage;
  /** With the digest, whatever the request named. */
  readonly imageId: ImageIdentifier;
} {
  const repository = addressed(registry, request);
  const image = resolveImage(repository.images, request.imageId);
  if (isFailure(image)) throw registry.refusals.imageNotFound(repository.name, request.imageId);
  const { imageTag } = request.imageId;
  const imageId = { imageDigest: image.digest, ...(imageTag !== undefined && { imageTag }) };
  return { repository, image, imageId };
}
