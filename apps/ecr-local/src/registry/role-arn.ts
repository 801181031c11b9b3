import { invalidParameter } from './refusals';

/**
 * Checks a role that a pull through cache rule or a repository creation template names.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html
 */
export function checkRoleArn(account: string, customRoleArn: string | undefined): void {
  if (customRoleArn === undefined) return;
  const [, owner] =
    /^arn:aws(?:-[a-z]+)*:iam::(\d{12}):role\/[\w+=,.@/-]+$/.exec(customRoleArn) ?? [];
  if (owner === undefined) {
    throw invalidParameter('customRoleArn', 'Member must be the ARN of an IAM role');
  }
  if (owner !== account) {
    throw invalidParameter(
      'customRoleArn',
      `The role must be in the account of the registry, '${account}'`,
    );
  }
}
