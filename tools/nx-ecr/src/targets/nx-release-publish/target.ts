import { type TargetConfiguration } from '@nx/devkit';
import { inferredTarget } from '../inferred-target';

/** `nx release` runs it after it has committed the version. It runs docker-push, which builds the image of that commit. */
export const nxReleasePublishTarget = (): TargetConfiguration =>
  inferredTarget('nx-release-publish', {
    description: 'Pushes the image of a new version as the last step of nx release',
    example: { dryRun: true },
  });
