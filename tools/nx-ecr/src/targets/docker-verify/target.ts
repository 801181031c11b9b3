import { type TargetConfiguration } from '@nx/devkit';
import { type PluginOptions } from '../../plugin-options';
import { perEnvironment } from '../environments';
import { imageInputs, inferredTarget } from '../inferred-target';

/** Not cached: the result depends on this machine. */
export const dockerVerifyTarget = (options: PluginOptions): TargetConfiguration =>
  inferredTarget('docker-verify', {
    description: 'Checks the built image of a service and runs it',
    example: { runtime: 'node' },
    dependsOn: [{ target: 'docker-build', params: 'forward' }],
    inputs: imageInputs(options),
    ...perEnvironment(),
  });
