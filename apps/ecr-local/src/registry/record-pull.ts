import { principalArn } from '@typerush/image-registry';
import { type Identity } from '../access/identity';
import { type Registry } from './registry';
import { type Repository } from './repository';

/**
 * Records when an image was pulled, unless the registry excludes the principal: the role of a session, or a user. Its
 * other pulls, and those of others, change nothing about that.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
 *
 * @param identity who pulls. @default nobody that can be excluded
 */
export function recordPull(
  { configuration, repositories }: Registry,
  repository: Repository,
  digest: string,
  identity: Identity | undefined,
): void {
  const principal = identity && principalArn(identity.caller);
  const { pullExclusions } = configuration.get();
  if (pullExclusions.some((excluded) => excluded.principalArn === principal)) return;
  repositories.recordPull(repository, digest);
}
