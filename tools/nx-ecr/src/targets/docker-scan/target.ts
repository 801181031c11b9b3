import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/** After a push, and not before every scan: what is scanned is what `push.json` names. */
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
