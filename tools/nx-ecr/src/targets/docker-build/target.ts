import { type TargetConfiguration } from '@nx/devkit';
import { imageFile } from '@typerush/image-registry';
import { lockFileOf } from '@typerush/image-build';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/**
 * Inputs of an image besides the bundle. A change to one of the workspace files affects every image project.
 */
export const imageInputs = ({ dockerfile }: PluginOptions) => [
  'production',
  '^production',
  `{projectRoot}/${imageFile}`,
  `{workspaceRoot}/${dockerfile}`,
  // May not exist.
  `{workspaceRoot}/${lockFileOf(dockerfile)}`,
  '{workspaceRoot}/.dockerignore',
  '{workspaceRoot}/package.json',
  '{workspaceRoot}/package-lock.json',
  '{workspaceRoot}/registry.json',
];

/**
 * Cached by Nx: the result consists of files that do not depend on commit or time. The hasher adds the base image, which is in
 * no file. docker-push writes to the same folder, so the outputs are listed one by one.
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
