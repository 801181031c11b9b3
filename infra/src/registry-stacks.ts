import { deploymentNames, type Environment, repositoryName } from '@typerush/image-registry';
import { type Construct } from 'constructs';
import { type EnvironmentSettings } from './environments';
import { type RegistryContext } from './registry-context';
import { assertDistinct } from './service-declaration';
import { addAccessStack } from './stacks/access-stack';
import { addSupportingStacks } from './stacks/supporting-stacks';
import { addRunStack } from './stacks/run-stack';
import { addPipelineStack } from './stacks/pipeline-stack';
import { addNetworkStack } from './stacks/network-stack';
import { addPullThroughCacheStack } from './stacks/pull-through-cache-stack';
import { addServiceStacks } from './stacks/service-stack';
import { type System } from './system';
import { assertSettings } from './assert-settings';

export interface RegistryDefinition {
  /** The workspace's own system first: its namespace names the stacks and roles of all, and those of other workspaces. */
  readonly systems: readonly [System, ...System[]];
  readonly environment: Environment;
  readonly settings: EnvironmentSettings;
}

/**
 * Adds the stacks of an environment. Each `add...Stack` in `stacks/` reads what it needs of the context; a new supporting stack
 * is one file there and one line here.
 *
 * @throws InfraError and ImageRegistryError before it adds any.
 */
export function addRegistryStacks(scope: Construct, definition: RegistryDefinition): void {
  const context = registryContext(definition);
  const access = addAccessStack(scope, context);
  addServiceStacks(scope, context, access);
  addPullThroughCacheStack(scope, context);
  addNetworkStack(scope, context);
  addSupportingStacks(scope, context, access);
  const run = addRunStack(scope, context);
  addPipelineStack(scope, context, run);
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
