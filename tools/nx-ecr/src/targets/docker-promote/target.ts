import { type TargetConfiguration } from '@nx/devkit';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs, inferredTarget } from '../inferred-target';

/** Works on images that are in registries: it builds nothing, and has no configurations, since it needs two environments. */
export const dockerPromoteTarget = (options: PluginOptions): TargetConfiguration =>
  inferredTarget('docker-promote', {
    description: 'Gives an image of one environment the tags of another one',
    example: { from: 'staging', to: 'prod' },
    inputs: imageInputs(options),
  });
