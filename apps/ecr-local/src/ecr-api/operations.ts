import { type EcrService } from '../registry/ecr-service';

/** The operations of the ECR API that are here, and the method of each. The type asks for every method. */
export const operations: { readonly [Name in keyof EcrService as Capitalize<Name>]: Name } = {
  CreateRepository: 'createRepository',
  DescribeRepositories: 'describeRepositories',
  DeleteRepository: 'deleteRepository',
  DescribeRegistry: 'describeRegistry',
  GetAccountSetting: 'getAccountSetting',
  PutAccountSetting: 'putAccountSetting',
  PutImageTagMutability: 'putImageTagMutability',
  PutImageScanningConfiguration: 'putImageScanningConfiguration',
  PutLifecyclePolicy: 'putLifecyclePolicy',
  GetLifecyclePolicy: 'getLifecyclePolicy',
  DeleteLifecyclePolicy: 'deleteLifecyclePolicy',
  SetRepositoryPolicy: 'setRepositoryPolicy',
  GetRepositoryPolicy: 'getRepositoryPolicy',
  DeleteRepositoryPolicy: 'deleteRepositoryPolicy',
  TagResource: 'tagResource',
  UntagResource: 'untagResource',
  ListTagsForResource: 'listTagsForResource',
  GetAuthorizationToken: 'getAuthorizationToken',
  DescribeImages: 'describeImages',
  ListImages: 'listImages',
  BatchGetImage: 'batchGetImage',
  PutImage: 'putImage',
  BatchDeleteImage: 'batchDeleteImage',
  BatchCheckLayerAvailability: 'batchCheckLayerAvailability',
  GetDownloadUrlForLayer: 'getDownloadUrlForLayer',
  InitiateLayerUpload: 'initiateLayerUpload',
  UploadLayerPart: 'uploadLayerPart',
  CompleteLayerUpload: 'completeLayerUpload',
};

export type OperationName = keyof typeof operations;

export const isOperation = (name: string): name is OperationName => Object.hasOwn(operations, name);
