import { type DeploymentNames, type Environment } from '@typerush/image-registry';
import { type EnvironmentSettings } from './environments';
import { type ServiceDeclaration } from './service-declaration';

/** A service with the full name of its repository in the environment. */
export interface DeclaredRepository extends ServiceDeclaration {
  readonly repositoryName: string;
}

/** What every stack of an environment may know. */
export interface RegistryContext {
  readonly environment: Environment;
  readonly names: DeploymentNames;
  readonly settings: EnvironmentSettings;
  /** Every repository of every system. */
  readonly repositories: readonly DeclaredRepository[];
}
