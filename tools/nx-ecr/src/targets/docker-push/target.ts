import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/** The executor reads commit and time: in the target, they would become stale in the cache of Nx. */
export const dockerPushTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-push`,
  metadata: targetMetadata(
    'docker-push',
    'Tags the image of a service and pushes it to its repository',
    { dryRun: true },
  ),
  cache: false,
  dependsOn: [{ target: 'docker-build', params: 'forward' }],
  inputs: imageInputs(options),
  options: { dockerfile: options.dockerfile },
  ...perEnvironment(),
});
