import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/** Deploys one service's repository: only its stack, and the access stack that it depends on. */
export const provisionTarget = (service: string): TargetConfiguration => ({
  executor: `${packageName}:cdk`,
  metadata: targetMetadata('provision', 'Deploys the repository of a service', {}),
  cache: false,
  // Services share the access stack, and CloudFormation rejects a second change while one is running.
  parallelism: false,
  options: { command: 'deploy', service },
  ...perEnvironment(),
});
