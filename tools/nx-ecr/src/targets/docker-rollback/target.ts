import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/** Works on images that are in registries: it builds nothing. */
export const dockerRollbackTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-rollback`,
  metadata: targetMetadata(
    'docker-rollback',
    'Returns an environment to an earlier version of the image',
    { list: true },
  ),
  cache: false,
  inputs: imageInputs(options),
  options: {},
  ...perEnvironment(),
});
