import { type TargetConfiguration } from '@nx/devkit';
import { imageFile } from '@typerush/image-registry';
import { name as packageName } from '../../package.json';
import { type PluginOptions } from '../plugin-options';
import { perEnvironment } from './environments';

/**
 * What an image is made from, beyond the bundle. A change to one of the workspace's files here makes every
 * image project affected.
 */
export const imageInputs = ({ dockerfile }: PluginOptions) => [
  'production',
  '^production',
  `{projectRoot}/${imageFile}`,
  `{workspaceRoot}/${dockerfile}`,
  '{workspaceRoot}/.dockerignore',
  '{workspaceRoot}/package-lock.json',
  '{workspaceRoot}/registry.json',
];

/** Not cached by Nx: half of its result lives in a daemon. The engines reuse layers by themselves. */
export const dockerBuildTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-build`,
  cache: false,
  dependsOn: ['build'],
  inputs: imageInputs(options),
  outputs: ['{workspaceRoot}/dist/images/{projectName}'],
  options: { dockerfile: options.dockerfile },
  ...perEnvironment(),
});
