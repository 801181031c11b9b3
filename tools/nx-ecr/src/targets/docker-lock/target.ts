import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { targetMetadata } from '../target-metadata';

/** Not cached: it looks up the current digest of a tag. All projects share the lock file of the Dockerfile, so one runs at a time. */
export const dockerLockTarget = ({ dockerfile }: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-lock`,
  metadata: targetMetadata('docker-lock', 'Pins the base images of the Dockerfile by digest', {
    dryRun: true,
  }),
  cache: false,
  parallelism: false,
  options: { dockerfile },
});
