import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { targetMetadata } from '../target-metadata';

/** Works on images that are in registries: it builds nothing, and has no configurations, since it needs two environments. */
export const dockerPromoteTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-promote`,
  metadata: targetMetadata(
    'docker-promote',
    'Gives an image of one environment the tags of another one',
    { from: 'staging', to: 'prod' },
  ),
  cache: false,
  inputs: imageInputs(options),
  options: {},
});
