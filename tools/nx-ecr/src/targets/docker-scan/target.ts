import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/** Does not depend on docker-push: it scans the image that `push.json` of the last push names. */
export const dockerScanTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-scan`,
  metadata: targetMetadata(
    'docker-scan',
    'Waits for the scan of the pushed image and fails at the threshold severity or higher',
    { threshold: 'HIGH' },
  ),
  cache: false,
  inputs: imageInputs(options),
  options: {},
  ...perEnvironment(),
});
