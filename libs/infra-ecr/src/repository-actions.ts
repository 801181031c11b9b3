/**
 * What `docker push` needs, https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html, and what a
 * pipeline asks before and after: where the repository is, what stands in it, and what the scan found.
 */
export const pushActions = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:DescribeImages',
  'ecr:DescribeImageScanFindings',
  'ecr:DescribeRepositories',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
];

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/security_iam_id-based-policy-examples.html */
export const pullActions = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
];

/**
 * What those who operate a registry ask of a repository: the drift, preview, cost and backup of our tools, the check of images in use, a scan that is
 * started again, and a tag or an image that is deleted by hand.
 */
export const operationActions = [
  'ecr:BatchDeleteImage',
  'ecr:GetLifecyclePolicy',
  'ecr:GetLifecyclePolicyPreview',
  'ecr:GetRepositoryPolicy',
  'ecr:ListImages',
  'ecr:ListTagsForResource',
  'ecr:StartImageScan',
  'ecr:StartLifecyclePolicyPreview',
];

/** https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions */
export const lambdaPullActions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** The action knows no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html */
export const logInAction = 'ecr:GetAuthorizationToken';
