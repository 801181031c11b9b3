import { type TargetConfiguration } from '@nx/devkit';
import { type PluginOptions } from '../../plugin-options';
import { perEnvironment } from '../environments';
import { imageInputs, inferredTarget } from '../inferred-target';

/** The executor reads commit and time: in the target, they would become stale in the cache of Nx. */
export const dockerPushTarget = (options: PluginOptions): TargetConfiguration =>
  inferredTarget('docker-push', {
    description: 'Tags the image of a service and pushes it to its repository',
    example: { dryRun: true },
    dependsOn: [{ target: 'docker-build', params: 'forward' }],
    options: { dockerfile: options.dockerfile },
    inputs: imageInputs(options),
    ...perEnvironment(),
  });
