import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { perEnvironment } from '../environments';

/** After a push, and not before every scan: what is scanned is what `push.json` names. */
export const dockerScanTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-scan`,
  cache: false,
  inputs: imageInputs(options),
  options: {},
  ...perEnvironment(),
});
