import { tagMutabilities } from '@typerush/image-registry';
import { z } from 'zod';
import { type MutabilitySetting } from '../ecr-types';
import { invalidParameter } from '../refusals';
import { type Repository } from '../repository';

export const mutabilityField = z.enum(tagMutabilities);

interface RequestedMutability {
  readonly imageTagMutability?: MutabilitySetting['imageTagMutability'] | undefined;
  readonly imageTagMutabilityExclusionFilters?: Repository['imageTagMutabilityExclusionFilters'];
}

/** Filters go with the two settings that have exclusions, and with those only. */
export function checkedMutability({
  imageTagMutability = 'MUTABLE',
  imageTagMutabilityExclusionFilters,
}: RequestedMutability): Pick<
  Repository,
  'imageTagMutability' | 'imageTagMutabilityExclusionFilters'
> {
  const needsFilters = imageTagMutability.endsWith('_WITH_EXCLUSION');
  if (needsFilters !== (imageTagMutabilityExclusionFilters !== undefined)) {
    throw invalidParameter(
      'imageTagMutabilityExclusionFilters',
      needsFilters
        ? `ImageTagMutabilityExclusionFilters are required with ${imageTagMutability}`
        : `ImageTagMutabilityExclusionFilters are not allowed with ${imageTagMutability}`,
    );
  }
  return { imageTagMutability, imageTagMutabilityExclusionFilters };
}

export const mutabilityOf = (repository: Repository): MutabilitySetting => ({
  imageTagMutability: repository.imageTagMutability,
  ...(repository.imageTagMutabilityExclusionFilters && {
    imageTagMutabilityExclusionFilters: repository.imageTagMutabilityExclusionFilters,
  }),
});
