import { wildcardMatcher } from '@typerush/image-registry';
import { type Registry } from './registry';
import { type RegistryConfiguration } from './registry-configuration';
import { type Repository } from './repository';

type ScanRule = RegistryConfiguration['scanning']['rules'][number];

export interface ScanFrequency {
  readonly scanFrequency: string;
  readonly appliedScanFilters: ScanRule['repositoryFilters'];
}

/**
 * When images of a repository are scanned: the first rule of the registry that matches decides. Without one, basic scanning
 * uses the repository's own setting, and enhanced scanning scans nothing.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
 */
export function scanFrequencyOf(
  { configuration }: Pick<Registry, 'configuration'>,
  { name, scanOnPush }: Pick<Repository, 'name' | 'scanOnPush'>,
): ScanFrequency {
  const { rules, scanType } = configuration.get().scanning;
  const own = scanOnPush && scanType === 'BASIC' ? 'SCAN_ON_PUSH' : 'MANUAL';
  const rule = rules.find(({ repositoryFilters }) =>
    repositoryFilters.some(({ filter }) => matches(filter, name)),
  );
  return {
    scanFrequency: rule?.scanFrequency ?? own,
    appliedScanFilters: rule?.repositoryFilters ?? [],
  };
}

/** A filter without a wildcard matches every name that contains it. */
const matches = (filter: string, name: string) =>
  wildcardMatcher(filter.includes('*') ? filter : `*${filter}*`)(name);
