import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { type PluginOptions } from '../../plugin-options';
import { imageInputs } from '../docker-build/target';
import { perEnvironment } from '../environments';
import { targetMetadata } from '../target-metadata';

/** Not cached: the same bundle has other findings when new advisories are published. */
export const dockerAuditTarget = (options: PluginOptions): TargetConfiguration => ({
  executor: `${packageName}:docker-audit`,
  metadata: targetMetadata(
    'docker-audit',
    'Compares the npm packages of a bundle with advisories and fails at the threshold severity or higher',
    { advisories: 'advisories/npm.zip' },
  ),
  cache: false,
  dependsOn: [options.buildTargetName],
  inputs: imageInputs(options),
  options: {},
  ...perEnvironment(),
});
