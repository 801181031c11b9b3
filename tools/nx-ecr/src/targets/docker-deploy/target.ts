import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/** Does not depend on docker-push: it deploys what the registry has. */
export const dockerDeployTarget = (): TargetConfiguration => ({
  executor: `${packageName}:docker-deploy`,
  metadata: targetMetadata(
    'docker-deploy',
    'Deploys the image of an environment to its service on Amazon ECS and waits until it is healthy',
    { timeout: 600 },
  ),
  cache: false,
  options: {},
  ...perEnvironment(),
});
