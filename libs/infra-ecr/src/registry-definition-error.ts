import { ImageRegistryError } from '@typerush/image-registry';

/** A construct that AWS would reject, or that would not work as intended. `message` names the remedy. */
export class RegistryDefinitionError extends ImageRegistryError {
  constructor(
    readonly code:
      | 'LIFECYCLE_POLICY'
      | 'REPOSITORY_POLICY_LENGTH'
      | 'ROLE_ARN'
      | 'ROLE_NAME'
      | 'FOREIGN_ACCOUNT'
      | 'OTHER_ACCOUNTS'
      | 'GITHUB_SOURCE'
      | 'ANOMALY_MONITOR'
      | 'BUILD_SOURCE'
      | 'PULL_THROUGH_CACHE'
      | 'VPC',
    message: string,
  ) {
    super(message);
  }
}
