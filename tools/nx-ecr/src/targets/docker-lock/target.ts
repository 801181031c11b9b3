import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { targetMetadata } from '../target-metadata';

/** Not cached: it asks what a tag stands for now. All projects share the Dockerfile, so one at a time writes its lock file. */
export const dockerLockTarget = ({ dockerfile }: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-lock`,
  metadata: targetMetadata('docker-lock', 'Pins the base images of the Dockerfile by digest', {
    dryRun: true,
  }),
  cache: false,
  parallelism: false,
  options: { dockerfile },
});
