import { type Policy, readPolicy } from '@typerush/image-registry';

const pull = ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

const read = [
  ...pull,
  'ecr:BatchCheckLayerAvailability',
  'ecr:GetRepositoryPolicy',
  'ecr:DescribeRepositories',
  'ecr:ListImages',
  'ecr:DescribeImages',
  'ecr:GetLifecyclePolicy',
  'ecr:GetLifecyclePolicyPreview',
  'ecr:ListTagsForResource',
  'ecr:DescribeImageScanFindings',
];

const write = [
  'ecr:InitiateLayerUpload',
  'ecr:UploadLayerPart',
  'ecr:CompleteLayerUpload',
  'ecr:PutImage',
];

const allowing = (Action: readonly string[]): Policy =>
  readPolicy('identity', {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action, Resource: '*' },
  });

/**
 * AWS's managed policies that are about ECR; any other allows nothing here.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam-awsmanpol.html
 */
export const managedPolicies: ReadonlyMap<string, Policy> = new Map([
  ['AdministratorAccess', allowing(['*'])],
  ['AmazonEC2ContainerRegistryFullAccess', allowing(['ecr:*'])],
  ['AmazonEC2ContainerRegistryPowerUser', allowing([...read, ...write])],
  ['AmazonEC2ContainerRegistryReadOnly', allowing(read)],
  ['AmazonEC2ContainerRegistryPullOnly', allowing([...pull, 'ecr:BatchImportUpstreamImage'])],
]);
