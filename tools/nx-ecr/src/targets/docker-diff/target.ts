import { type TargetConfiguration } from '@nx/devkit';
import { type PluginOptions } from '../../plugin-options';
import { perEnvironment } from '../environments';
import { imageInputs, inferredTarget } from '../inferred-target';

/** Does not depend on docker-build: two images of a registry are compared without building a third. */
export const dockerDiffTarget = (options: PluginOptions): TargetConfiguration =>
  inferredTarget('docker-diff', {
    description: 'Compares two images of a service',
    example: { from: 'prod' },
    inputs: imageInputs(options),
    ...perEnvironment(),
  });
