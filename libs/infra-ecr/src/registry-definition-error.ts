import { ImageRegistryError } from '@typerush/image-registry';

/** A construct that AWS would refuse, or that would not do what it is there for. `message` says what to change. */
export class RegistryDefinitionError extends ImageRegistryError {
  constructor(
    readonly code:
      | 'LIFECYCLE_POLICY'
      | 'REPOSITORY_POLICY_LENGTH'
      | 'ROLE_ARN'
      | 'FOREIGN_ACCOUNT'
      | 'GITHUB_SOURCE'
      | 'VPC',
    message: string,
  ) {
    super(message);
  }
}
