import { type TargetConfiguration } from '@nx/devkit';
import { imageFile } from '@typerush/image-registry';
import { lockFileOf } from '@typerush/image-build';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/**
 * What an image is made from, beyond the bundle. A change to one of the workspace's files here makes every
 * image project affected.
 */
export const imageInputs = ({ dockerfile }: PluginOptions) => [
  'production',
  '^production',
  `{projectRoot}/${imageFile}`,
  `{workspaceRoot}/${dockerfile}`,
  // There need not be one.
  `{workspaceRoot}/${lockFileOf(dockerfile)}`,
  '{workspaceRoot}/.dockerignore',
  '{workspaceRoot}/package.json',
  '{workspaceRoot}/package-lock.json',
  '{workspaceRoot}/registry.json',
];

/**
 * Cached by Nx: all of its result is files, and none of them depends on commit or time. The base, which no file tells, is the
 * hasher's business. Beside the outputs stands what a push writes: the outputs are named one by one.
 */
export const dockerBuildTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-build`,
  metadata: targetMetadata('docker-build', 'Builds the image of a service', { engine: 'oci' }),
  cache: true,
  dependsOn: [options.buildTargetName],
  inputs: [...imageInputs(options), { dependentTasksOutputFiles: '**/*' }],
  outputs: ['build.json', 'oci', 'layout', 'image.tar', 'image-*.tar'].map(
    (name) => `{workspaceRoot}/dist/images/{projectName}/${name}`,
  ),
  options: {
    dockerfile: options.dockerfile,
    ...(options.buildTargetName !== 'build' && { buildTarget: options.buildTargetName }),
  },
  ...perEnvironment(),
});
