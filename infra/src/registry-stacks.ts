import { deploymentNames, type Environment, repositoryName } from '@typerush/image-registry';
import { type Construct } from 'constructs';
import { type EnvironmentSettings } from './environments';
import { type DeclaredRepository, type RegistryContext } from './registry-context';
import { assertDistinct } from './service-declaration';
import { addAccessStack } from './stacks/access-stack';
import { addSupportingStacks } from './stacks/supporting-stacks';
import { addNetworkStack } from './stacks/network-stack';
import { addPullThroughCacheStack } from './stacks/pull-through-cache-stack';
import { addServiceStacks } from './stacks/service-stack';
import { type System } from './system';
import { InfraError } from './infra-error';

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

/**
 * Checks the settings that depend on the whole registry; the constructs check the rest.
 *
 * @throws InfraError SETTINGS_INVALID
 */
function assertSettings(
  { encryptionKeyArn, lambdaFunctions = {}, pullThroughCache = [] }: EnvironmentSettings,
  of: { readonly environment: Environment; readonly services: readonly DeclaredRepository[] },
): void {
  const refuse: (problem: string) => never = (problem) => {
    throw new InfraError(
      'SETTINGS_INVALID',
      `infra/src/environments.ts, ${of.environment}: ${problem}`,
    );
  };
  if (
    encryptionKeyArn &&
    !/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/.test(encryptionKeyArn)
  ) {
    refuse(
      `invalid encryptionKeyArn "${encryptionKeyArn}". Expected the ARN of a key, such as arn:aws:kms:ap-southeast-1:123456789012:key/1234abcd.`,
    );
  }
  for (const { prefix } of pullThroughCache) {
    const inside = of.services.find(({ repositoryName: name }) => name.startsWith(`${prefix}/`));
    if (!inside) continue;
    refuse(
      `the prefix "${prefix}" of pullThroughCache is that of ${inside.repositoryName}. Choose one that no repository has, such as ${of.environment}-public.`,
    );
  }
  const services = new Map(of.services.map((each) => [each.service, each]));
  for (const [service, functions] of Object.entries(lambdaFunctions)) {
    const declared = services.get(service);
    if (!declared) {
      refuse(
        `lambdaFunctions names the unknown service "${service}". Known: ${[...services.keys()].join(', ')}.`,
      );
    }
    // Lambda does not accept an image index. https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
    const { platforms = [], declaredIn } = declared;
    if (platforms.length > 1) {
      refuse(
        `Lambda cannot run images of "${service}": they are for several platforms (${platforms.join(', ')}), and Lambda accepts one. ` +
          `Leave one platform in ${declaredIn}, or the service out of lambdaFunctions.`,
      );
    }
    if (!/^[\w*-]+$/.test(functions)) {
      refuse(
        `invalid lambdaFunctions of "${service}": "${functions}". Expected the name of a function, with * for any run of characters.`,
      );
    }
  }
}
