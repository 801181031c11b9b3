import { type Environment } from '@typerush/image-registry';
import {
  type ExistingRoles,
  type GithubSource,
  type RegistryEndpointsProps,
} from '@typerush/infra-ecr';

/** What differs from one environment to another beyond its names. Whatever is left out is not built. */
export interface EnvironmentSettings {
  /**
   * The ARN of the KMS key that images are encrypted with. It is fixed when a repository is made: another one replaces the
   * repository.
   *
   * @default - AES256 with the key that S3 manages
   */
  readonly encryptionKeyArn?: string;
  /**
   * The branch on GitHub whose workflows push.
   *
   * @default - GitHub Actions cannot push
   */
  readonly github?: GithubSource;
  /**
   * Roles that stand and push or pull beside those that are made.
   *
   * @default - none
   */
  readonly existingRoles?: ExistingRoles;
  /**
   * The functions of Lambda that may pull, by the service whose images they run: names with `*` for any run of characters.
   *
   * @default - Lambda cannot pull
   */
  readonly lambdaFunctions?: Readonly<Record<string, string>>;
  /**
   * The network that reaches the registry without leaving it. It is told by its ids, so that nothing has to be looked up.
   *
   * @default - the registry is reached through its public addresses
   */
  readonly vpc?: RegistryEndpointsProps;
}

/** Change these to fit the accounts that you deploy to; `local` goes to ecr-local. */
export const environmentSettings: Readonly<Record<Environment, EnvironmentSettings>> = {
  local: {},
  dev: {},
  staging: {},
  prod: {},
};
