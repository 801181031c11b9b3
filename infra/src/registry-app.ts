import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import {
  environmentSchema,
  ImageConfigError,
  imageFile,
  parseImageConfig,
  parseRegistryConfig,
  type RegistryConfig,
  registryFile,
} from '@typerush/image-registry';
import { App, type AppProps, BootstraplessSynthesizer } from 'aws-cdk-lib/core';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentSettings } from './environments';
import { InfraError } from './infra-error';
import { addRegistryStacks } from './registry-stacks';
import { type ServiceDeclaration } from './service-declaration';
import { type System } from './system';

/**
 * The CDK app of one environment, which the context `environment` names. Account and region stay open: CloudFormation
 * fills them in when the stacks are deployed.
 *
 * @param root the workspace's root
 * @throws InfraError, RegistryConfigError
 */
export function createRegistryApp(root: string, { context, ...props }: AppProps = {}): App {
  const app = new App({
    ...props,
    context: { ...featureFlags, ...context },
    analyticsReporting: false,
    treeMetadata: false,
    // The template goes to CloudFormation as it is: an account needs no bootstrap stack, and no bucket.
    defaultStackSynthesizer: new BootstraplessSynthesizer(),
  });
  const named: unknown = app.node.tryGetContext('environment');
  const environment = environmentSchema.safeParse(named);
  if (!environment.success) {
    throw new InfraError(
      'UNKNOWN_ENVIRONMENT',
      `The context "environment" is ${JSON.stringify(named)}: ${environment.error.issues[0]?.message}. Pass -c environment=dev.`,
    );
  }
  addRegistryStacks(app, {
    systems: readSystems(root),
    environment: environment.data,
    settings: environmentSettings[environment.data],
  });
  return app;
}

/**
 * The declarations of a workspace: registry.json with the systems of others, and the image.json of each folder in apps.
 *
 * @throws RegistryConfigError, and InfraError with all problems of all files.
 */
function readSystems(root: string): [System, ...System[]] {
  const registry = readRegistry(root);
  const others = (registry.systems ?? []).map(({ namespace, naming, services, ...declared }) => ({
    registry: { namespace, naming },
    services: services.map((service) => ({
      ...declared,
      service,
      repository: service,
      declaredIn: registryFile,
    })),
  }));
  return [{ registry, services: readServices(root) }, ...others];
}

function readRegistry(root: string): RegistryConfig {
  const file = join(root, registryFile);
  if (!existsSync(file)) {
    throw new InfraError(
      'NO_REGISTRY_CONFIG',
      `${file} is missing. Run this from the root of the workspace, or add it: {"namespace": "typerush", "naming": "shared"}`,
    );
  }
  return parseRegistryConfig(readFileSync(file, 'utf8'), registryFile);
}

function readServices(root: string): ServiceDeclaration[] {
  const errors: ImageConfigError[] = [];
  const services: ServiceDeclaration[] = [];
  for (const service of readdirSync(join(root, 'apps')).sort()) {
    const file = `apps/${service}/${imageFile}`;
    if (!existsSync(join(root, file))) continue;
    try {
      const { repository, retention, keep, platforms, port, health, verify } = parseImageConfig(
        readFileSync(join(root, file), 'utf8'),
        file,
      );
      const container = { port, health, ready: verify?.ready };
      services.push({
        service,
        repository,
        retention,
        keep,
        platforms,
        container,
        declaredIn: file,
      });
    } catch (error) {
      if (!(error instanceof ImageConfigError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 0) return services;
  throw new InfraError('DECLARATIONS_INVALID', errors.map(({ message }) => message).join('\n'), {
    cause: errors,
  });
}
