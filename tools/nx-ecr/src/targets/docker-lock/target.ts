import { type TargetConfiguration } from '@nx/devkit';
import { type PluginOptions } from '../../plugin-options';
import { inferredTarget } from '../inferred-target';

/** Not cached: it looks up the current digest of a tag. All projects share the lock file of the Dockerfile, so one runs at a time. */
export const dockerLockTarget = ({ dockerfile }: PluginOptions): TargetConfiguration =>
  inferredTarget('docker-lock', {
    description: 'Pins the base images of the Dockerfile by digest',
    example: { dryRun: true },
    parallelism: false,
    options: { dockerfile },
  });
