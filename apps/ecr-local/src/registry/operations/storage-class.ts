import { EcrError } from '../../errors/ecr-error';
import { type Registry } from '../registry';
import { imageStatus, moved } from '../storage-class';
import { addressedImage, type ImageRequest } from './addressed-image';
import { modelled } from './modelled';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UpdateImageStorageClass.html */
export function storageClassOperations(registry: Registry) {
  return {
    updateImageStorageClass: modelled(
      'UpdateImageStorageClass',
      async (request: ImageRequest & { readonly targetStorageClass: 'STANDARD' | 'ARCHIVE' }) => {
        const { repository, image, imageId } = addressedImage(registry, request);
        const { name } = repository;
        const changed = await registry.repositories.changeImages(name, (draft) => {
          const current = draft.get(image.digest);
          if (!current) throw registry.refusals.imageNotFound(name, request.imageId);
          const lists = draft.listsOf(image.digest);
          if (lists.length > 0) throw referencedBy(lists.map(({ digest }) => digest));
          const now = registry.clock();
          // The images of a list are where it is.
          for (const digest of [image.digest, ...current.children]) {
            const each = draft.get(digest);
            if (each) draft.put(moved(each, request.targetStorageClass, now));
          }
          return draft.get(image.digest) ?? current;
        });
        return {
          registryId: registry.account,
          repositoryName: name,
          imageId,
          imageStatus: imageStatus(changed, registry.clock()),
        };
      },
    ),
  };
}

const referencedBy = (lists: readonly string[]) =>
  new EcrError(
    'ImageStorageClassUpdateNotSupportedException',
    `Requested image referenced by manifest list: [${lists.join(', ')}]`,
  );
