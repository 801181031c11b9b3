import { environmentSchema, ImageRegistryError } from '@typerush/image-registry';
import { App, BootstraplessSynthesizer } from 'aws-cdk-lib/core';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { environmentSettings } from './environments';
import { InfraError } from './infra-error';
import { addRegistryStacks } from './registry-stacks';
import { platform } from './systems/platform';
import { readWorkspace } from './systems/workspace';

/**
 * The CDK app: `-c environment=<environment>` says which, the working directory is the workspace's root. Account and
 * region stay open: CloudFormation fills them in where the stacks are deployed.
 */
function main(root: string): void {
  const app = new App({
    context: featureFlags,
    analyticsReporting: false,
    treeMetadata: false,
    // The template goes to CloudFormation as it is: an account needs no bootstrap stack, and no bucket.
    defaultStackSynthesizer: new BootstraplessSynthesizer(),
  });
  const context: unknown = app.node.tryGetContext('environment');
  const environment = environmentSchema.safeParse(context);
  if (!environment.success) {
    throw new InfraError(
      'UNKNOWN_ENVIRONMENT',
      `The context "environment" is ${JSON.stringify(context)}: ${environment.error.issues[0]?.message}. Pass -c environment=dev.`,
    );
  }
  addRegistryStacks(app, {
    systems: [readWorkspace(root), platform],
    environment: environment.data,
    settings: environmentSettings[environment.data],
  });
  app.synth();
}

try {
  main(process.cwd());
} catch (error) {
  if (!(error instanceof InfraError || error instanceof ImageRegistryError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
