import { type TargetConfiguration } from '@nx/devkit';
import { type PluginOptions } from '../../plugin-options';
import { perEnvironment } from '../environments';
import { imageInputs, inferredTarget } from '../inferred-target';

/** Works on images that are in registries: it builds nothing. */
export const dockerRollbackTarget = (options: PluginOptions): TargetConfiguration =>
  inferredTarget('docker-rollback', {
    description: 'Returns an environment to an earlier version of the image',
    example: { list: true },
    inputs: imageInputs(options),
    ...perEnvironment(),
  });
