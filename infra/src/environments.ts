import { type Environment } from '@typerush/image-registry';

/** What differs from one environment to another beyond its names. Whatever is left out is not built. */
export interface EnvironmentSettings {
  /**
   * The ARN of the KMS key, in the account of the stacks, that images are encrypted with. It is fixed when a repository is
   * made: another one replaces the repository.
   *
   * @default - AES256 with the key that S3 manages
   */
  readonly encryptionKeyArn?: string;
}

/** Change these to fit the accounts that you deploy to; `local` goes to ecr-local. */
export const environmentSettings: Readonly<Record<Environment, EnvironmentSettings>> = {
  local: {},
  dev: {},
  staging: {},
  prod: {},
};
