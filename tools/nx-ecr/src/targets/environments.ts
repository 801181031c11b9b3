import { type TargetConfiguration } from '@nx/devkit';
import { environments } from '@typerush/image-registry';

/** A configuration for each environment; `dev` by default. */
export const perEnvironment = (): Pick<
  TargetConfiguration,
  'configurations' | 'defaultConfiguration'
> => ({
  configurations: Object.fromEntries(
    environments.map((environment) => [environment, { environment }]),
  ),
  defaultConfiguration: 'dev',
});
