import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/** Not cached: the result depends on this machine. */
export const dockerVerifyTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-verify`,
  metadata: targetMetadata('docker-verify', 'Checks the built image of a service and runs it', {
    runtime: 'node',
  }),
  cache: false,
  dependsOn: [{ target: 'docker-build', params: 'forward' }],
  inputs: imageInputs(options),
  options: {},
  ...perEnvironment(),
});
