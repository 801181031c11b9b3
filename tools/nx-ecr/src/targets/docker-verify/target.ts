import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { perEnvironment } from '../environments';

/** Not cached: whether an image works on this machine, only running it tells. */
export const dockerVerifyTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-verify`,
  cache: false,
  dependsOn: [{ target: 'docker-build', params: 'forward' }],
  inputs: imageInputs(options),
  options: {},
  ...perEnvironment(),
});
