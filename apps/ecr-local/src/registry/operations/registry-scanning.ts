import { invalidParameter } from '../refusals';
import { type Registry, repositoryArn } from '../registry';
import { type RegistryConfiguration } from '../registry-configuration';
import { type Repository } from '../repository';
import { scanFrequencyOf } from '../scan-frequency';
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
        const found = repositoryNames.map((name) => repositories.find(name) ?? name);
        return {
          scanningConfigurations: found.flatMap((repository) =>
            typeof repository === 'string' ? [] : scanningOf(registry, repository),
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

function scanningOf(registry: Registry, repository: Repository) {
  const { scanFrequency, appliedScanFilters } = scanFrequencyOf(registry, repository);
  return {
    repositoryArn: repositoryArn(registry, repository.name),
    repositoryName: repository.name,
    scanOnPush: scanFrequency !== 'MANUAL',
    scanFrequency,
    appliedScanFilters,
  };
}
