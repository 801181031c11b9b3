import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/** Does not depend on docker-build: two images of a registry are compared without building a third. */
export const dockerDiffTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-diff`,
  metadata: targetMetadata('docker-diff', 'Compares two images of a service', { from: 'prod' }),
  cache: false,
  inputs: imageInputs(options),
  options: {},
  ...perEnvironment(),
});
