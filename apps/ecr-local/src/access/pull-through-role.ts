import { readPolicy } from '@typerush/image-registry';
import { type Role } from './stack-roles';

export const pullThroughService = 'pullthroughcache.ecr.amazonaws.com';

const policy = readPolicy('identity', {
  Statement: {
    Effect: 'Allow',
    Action: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
    Resource: '*',
  },
});

const trust = readPolicy('trust', {
  Statement: {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { Service: pullThroughService },
  },
});

/**
 * The service-linked role with which ECR pulls from another registry of the same account. A registry of another account
 * has to allow it in the policy of its repository, unless the rule names a role.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/slr-pullthroughcache.html
 */
export const pullThroughRole = (account: string): Role => ({
  arn: `arn:aws:iam::${account}:role/aws-service-role/${pullThroughService}/AWSServiceRoleForECRPullThroughCache`,
  trust,
  identity: [policy],
  boundary: undefined,
  tags: {},
});

/** What a token for such a pull names. */
export const pullThroughReference = (account: string, customRoleArn: string | undefined): string =>
  JSON.stringify({ role: customRoleArn ?? pullThroughRole(account).arn, name: 'ecr-pull-through' });
