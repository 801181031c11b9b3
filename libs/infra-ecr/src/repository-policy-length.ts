import { RegistryDefinitionError } from './registry-definition-error';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html */
const maxLength = 10_240;

/** The longest values that there are. */
const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-1',
};

/**
 * Refuses a repository policy that ECR would not take, before anything is deployed.
 *
 * @param policy The document, resolved.
 * @throws RegistryDefinitionError REPOSITORY_POLICY_LENGTH
 */
export function assertPolicyLength(repositoryName: string, policy: unknown): void {
  const { length } = JSON.stringify(policy, (_key, value: unknown) => rendered(value));
  if (length <= maxLength) return;
  throw new RegistryDefinitionError(
    'REPOSITORY_POLICY_LENGTH',
    `The repository policy of ${repositoryName} has ${length} characters; ECR takes ${maxLength}. ` +
      'Grant to fewer roles: let those that do the same share one.',
  );
}

/** What CloudFormation makes of an intrinsic function, as long as it can get; anything else as it is. */
function rendered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: reference, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof reference === 'string') return pseudoParameters[reference] ?? reference;
  if (!Array.isArray(join)) return value;
  const [separator, parts] = join as [string, unknown[]];
  return parts.map(rendered).join(separator);
}
