import { deploymentNames, type Environment, repositoryName } from '@typerush/image-registry';
import { type Construct } from 'constructs';
import { type EnvironmentSettings } from './environments';
import { type RegistryContext } from './registry-context';
import { assertDistinct } from './service-declaration';
import { assertSettings } from './settings-check';
import { addAccessStack } from './stacks/access-stack';
import { addConcernStacks } from './stacks/concern-stacks';
import { addNetworkStack } from './stacks/network-stack';
import { addServiceStacks } from './stacks/service-stack';
import { type System } from './systems/system';

export interface RegistryDefinition {
  /** The workspace's own system first: its namespace names the stacks and roles of all. */
  readonly systems: readonly [System, ...System[]];
  readonly environment: Environment;
  readonly settings: EnvironmentSettings;
}

/**
 * Adds the stacks of an environment. Each `add...Stack` in `stacks/` reads what it needs of the context; a new concern is
 * one file there and one line here.
 *
 * @throws InfraError and ImageRegistryError before it adds any.
 */
export function addRegistryStacks(scope: Construct, definition: RegistryDefinition): void {
  const context = registryContext(definition);
  const access = addAccessStack(scope, context);
  addServiceStacks(scope, context, access);
  addNetworkStack(scope, context);
  addConcernStacks(scope, context, access);
}

function registryContext({ systems, environment, settings }: RegistryDefinition): RegistryContext {
  const repositories = systems.flatMap(({ registry, services }) =>
    services.map((each) => ({
      ...each,
      repositoryName: repositoryName({ registry, repository: each.repository, environment }),
    })),
  );
  assertDistinct(repositories);
  assertSettings(settings, { environment, services: repositories });
  return {
    environment,
    settings,
    repositories,
    names: deploymentNames(systems[0].registry, environment),
  };
}
