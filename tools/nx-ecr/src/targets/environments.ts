import { type TargetConfiguration } from '@nx/devkit';
import { environments } from '@typerush/image-registry';

/** A configuration per environment; `dev` where none is asked for. */
export const perEnvironment = (): Pick<
  TargetConfiguration,
  'configurations' | 'defaultConfiguration'
> => ({
  configurations: Object.fromEntries(
    environments.map((environment) => [environment, { environment }]),
  ),
  defaultConfiguration: 'dev',
});
