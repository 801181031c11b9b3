import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { perEnvironment } from '../environments';

/** The commit and the time are read when the executor runs: in a target, they would go stale in Nx's cache. */
export const dockerPushTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-push`,
  cache: false,
  dependsOn: [{ target: 'docker-build', params: 'forward' }],
  inputs: imageInputs(options),
  options: { dockerfile: options.dockerfile },
  ...perEnvironment(),
});
