import { wildcardMatcher } from '@typerush/image-registry';
import { invalidParameter } from '../refusals';
import { type Registry, repositoryArn } from '../registry';
import { type RegistryConfiguration } from '../registry-configuration';
import { type Repository } from '../repository';
import { modelled } from './modelled';

type Scanning = RegistryConfiguration['scanning'];

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html */
export function registryScanningOperations(registry: Registry) {
  const { account: registryId, configuration, repositories } = registry;
  return {
    getRegistryScanningConfiguration: modelled('GetRegistryScanningConfiguration', () => ({
      registryId,
      scanningConfiguration: configuration.get().scanning,
    })),
    putRegistryScanningConfiguration: modelled(
      'PutRegistryScanningConfiguration',
      async ({ scanType = 'BASIC', rules = [] }: Partial<Scanning>) => {
        if (scanType === 'BASIC') refuseContinuous(rules);
        const { scanning } = await configuration.update(() => ({ scanning: { scanType, rules } }));
        return { registryScanningConfiguration: scanning };
      },
    ),
    batchGetRepositoryScanningConfiguration: modelled(
      'BatchGetRepositoryScanningConfiguration',
      ({ repositoryNames }: { readonly repositoryNames: readonly string[] }) => {
        const { scanning } = configuration.get();
        const found = repositoryNames.map((name) => repositories.find(name) ?? name);
        return {
          scanningConfigurations: found.flatMap((repository) =>
            typeof repository === 'string' ? [] : scanningOf(registry, repository, scanning),
          ),
          failures: found.flatMap((repositoryName) =>
            typeof repositoryName !== 'string'
              ? []
              : {
                  repositoryName,
                  failureCode: 'REPOSITORY_NOT_FOUND',
                  failureReason: `The repository with name '${repositoryName}' does not exist in the registry with id '${registryId}'`,
                },
          ),
        };
      },
    ),
  };
}

function refuseContinuous(rules: Scanning['rules']): void {
  if (!rules.some(({ scanFrequency }) => scanFrequency === 'CONTINUOUS_SCAN')) return;
  throw invalidParameter('rules', 'CONTINUOUS_SCAN is not supported with scan type BASIC');
}

/** The first rule that matches decides; without one, the repository's own setting. */
function scanningOf(registry: Registry, repository: Repository, { rules }: Scanning) {
  const rule = rules.find(({ repositoryFilters }) =>
    repositoryFilters.some(({ filter }) => matches(filter, repository.name)),
  );
  const own = repository.scanOnPush ? 'SCAN_ON_PUSH' : 'MANUAL';
  const scanFrequency = rule?.scanFrequency ?? own;
  return {
    repositoryArn: repositoryArn(registry, repository.name),
    repositoryName: repository.name,
    scanOnPush: scanFrequency !== 'MANUAL',
    scanFrequency,
    appliedScanFilters: rule?.repositoryFilters ?? [],
  };
}

/** A filter without a wildcard matches every name that contains it. */
const matches = (filter: string, name: string) =>
  wildcardMatcher(filter.includes('*') ? filter : `*${filter}*`)(name);
