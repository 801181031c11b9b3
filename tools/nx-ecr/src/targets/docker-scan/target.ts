import { type TargetConfiguration } from '@nx/devkit';
import { type PluginOptions } from '../../plugin-options';
import { perEnvironment } from '../environments';
import { imageInputs, inferredTarget } from '../inferred-target';

/** Does not depend on docker-push: it scans the image that `push.json` of the last push names. */
export const dockerScanTarget = (options: PluginOptions): TargetConfiguration =>
  inferredTarget('docker-scan', {
    description:
      'Waits for the scan of the pushed image and fails at the threshold severity or higher',
    example: { threshold: 'HIGH' },
    inputs: imageInputs(options),
    ...perEnvironment(),
  });
