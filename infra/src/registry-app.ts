import { environmentSchema } from '@typerush/image-registry';
import { App, type AppProps, BootstraplessSynthesizer } from 'aws-cdk-lib/core';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { environmentSettings } from './environments';
import { InfraError } from './infra-error';
import { addRegistryStacks } from './registry-stacks';
import { platform } from './systems/platform';
import { readWorkspace } from './systems/workspace';

/**
 * The CDK app of one environment, which the context `environment` names. Account and region stay open: CloudFormation
 * fills them in where the stacks are deployed.
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
    systems: [readWorkspace(root), platform],
    environment: environment.data,
    settings: environmentSettings[environment.data],
  });
  return app;
}
