import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { targetMetadata } from '../target-metadata';

/** `nx release` runs it after it has committed the version. It runs docker-push, which builds the image of that commit. */
export const nxReleasePublishTarget = (): TargetConfiguration => ({
  executor: `${packageName}:nx-release-publish`,
  metadata: targetMetadata(
    'nx-release-publish',
    'Pushes the image of a new version as the last step of nx release',
    { dryRun: true },
  ),
  cache: false,
  options: {},
});
