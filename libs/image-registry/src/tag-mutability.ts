import { type Environment } from './environment';
import { movingTags, type RetentionProfile } from './lifecycle/retention';
import { matchesWildcard } from './wildcard';

/** As ECR's API names them: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageTagMutability.html */
export const tagMutabilities = [
  'MUTABLE',
  'IMMUTABLE',
  'MUTABLE_WITH_EXCLUSION',
  'IMMUTABLE_WITH_EXCLUSION',
] as const;

export type TagMutability = (typeof tagMutabilities)[number];

export interface TagMutabilityFilter {
  readonly filterType: 'WILDCARD';
  readonly filter: string;
}

export interface TagMutabilitySetting {
  readonly imageTagMutability: TagMutability;
  /** Absent but for the two settings with exclusion. */
  readonly imageTagMutabilityExclusionFilters?: readonly TagMutabilityFilter[];
}

/**
 * In prod a tag never moves but for the moving ones of the profile, less `staging`, which is not pushed there; elsewhere
 * every tag may. ECR takes at most five exclusions.
 */
export function tagMutability(
  environment: Environment,
  retention: RetentionProfile = 'environment',
): TagMutabilitySetting {
  if (environment !== 'prod') return { imageTagMutability: 'MUTABLE' };
  return {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: movingTags[retention]
      .filter((tag) => tag !== 'staging')
      .map((filter) => ({ filterType: 'WILDCARD', filter })),
  };
}

/** Whether one of the filters names the tag. */
function matchesExclusion(filters: readonly TagMutabilityFilter[], tag: string): boolean {
  return filters.some(({ filter }) => matchesWildcard(filter, tag));
}

/** Whether an existing tag cannot be moved to another image. */
export function isTagImmutable(
  mutability: TagMutability,
  filters: readonly TagMutabilityFilter[],
  tag: string,
): boolean {
  switch (mutability) {
    case 'MUTABLE':
      return false;
    case 'IMMUTABLE':
      return true;
    case 'MUTABLE_WITH_EXCLUSION':
      return matchesExclusion(filters, tag);
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !matchesExclusion(filters, tag);
  }
}
