/**
 * What `docker push` needs, https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html, and what a
 * pipeline queries before and after: the address of the repository, its images, and the findings of the scan.
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
 * What a pull needs besides if ECR does not have the image yet: the repository is created with it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
 */
export const importActions = ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'];

/**
 * What the operation of a registry needs: the drift, preview, cost and backup of our tools, the check of images in use, a scan
 * that is started again, and a tag or an image that is deleted by hand.
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
