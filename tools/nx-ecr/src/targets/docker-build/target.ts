import { type TargetConfiguration } from '@nx/devkit';
import { type PluginOptions } from '../../plugin-options';
import { perEnvironment } from '../environments';
import { imageInputs, inferredTarget } from '../inferred-target';

/**
 * Cached by Nx: the result consists of files that do not depend on commit or time. The hasher adds the base image, which is in
 * no file. docker-push writes to the same folder, so the outputs are listed one by one.
 */
export const dockerBuildTarget = (options: PluginOptions): TargetConfiguration =>
  inferredTarget('docker-build', {
    description: 'Builds the image of a service',
    example: { engine: 'oci' },
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
