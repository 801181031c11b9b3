import { type TargetConfiguration } from '@nx/devkit';
import { type PluginOptions } from '../../plugin-options';
import { perEnvironment } from '../environments';
import { imageInputs, inferredTarget } from '../inferred-target';

/** Not cached: the same bundle has other findings when new advisories are published. */
export const dockerAuditTarget = (options: PluginOptions): TargetConfiguration =>
  inferredTarget('docker-audit', {
    description:
      'Compares the npm packages of a bundle with advisories and fails at the threshold severity or higher',
    example: { advisories: 'advisories/npm.zip' },
    dependsOn: [options.buildTargetName],
    inputs: imageInputs(options),
    ...perEnvironment(),
  });
