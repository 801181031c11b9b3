import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { perEnvironment } from '../environments';
import { inferredTarget } from '../inferred-target';

/** Deploys one service's repository: only its stack, and the access stack that it depends on. */
export const provisionTarget = (service: string): TargetConfiguration =>
  inferredTarget('provision', {
    executor: `${packageName}:cdk`,
    description: 'Deploys the repository of a service',
    example: {},
    // Services share the access stack, and CloudFormation rejects a second change while one is running.
    parallelism: false,
    options: { command: 'deploy', service },
    ...perEnvironment(),
  });
