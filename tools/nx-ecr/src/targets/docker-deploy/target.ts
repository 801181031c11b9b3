import { type TargetConfiguration } from '@nx/devkit';
import { perEnvironment } from '../environments';
import { inferredTarget } from '../inferred-target';

/** Does not depend on docker-push: it deploys what the registry has. */
export const dockerDeployTarget = (): TargetConfiguration =>
  inferredTarget('docker-deploy', {
    description:
      'Deploys the image of an environment to its service on Amazon ECS and waits until it is healthy',
    example: { timeout: 600 },
    ...perEnvironment(),
  });
