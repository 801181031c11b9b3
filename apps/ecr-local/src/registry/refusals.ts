import { EcrError } from '../errors/ecr-error';

/** The errors of ECR with ECR's own messages, each in one place. */
export interface Refusals {
  invalidParameter(parameter: string, constraint: string): EcrError;
  /** `the repository with name 'a' in the registry with id '0'` */
  inRegistry(name: string): string;
  repositoryNotFound(name: string, registryId?: string): EcrError;
  repositoryExists(name: string): EcrError;
  repositoryNotEmpty(name: string): EcrError;
  lifecyclePolicyNotFound(name: string): EcrError;
  repositoryPolicyNotFound(name: string): EcrError;
  imageNotFound(name: string, id: { imageDigest?: string; imageTag?: string }): EcrError;
  imageExists(name: string, digest: string, tag: string | undefined): EcrError;
  tagTaken(name: string, tag: string): EcrError;
  layersMissing(name: string, digests: readonly string[]): EcrError;
  imagesMissing(name: string, digests: readonly string[]): EcrError;
  uploadNotFound(name: string, uploadId: string): EcrError;
}

export const invalidParameter = (parameter: string, constraint: string): EcrError =>
  new EcrError(
    'InvalidParameterException',
    `Invalid parameter at '${parameter}' failed to satisfy constraint: '${constraint}'`,
  );

export function createRefusals(account: string): Refusals {
  const inRegistry = (name: string, registryId = account) =>
    `the repository with name '${name}' in the registry with id '${registryId}'`;
  return {
    invalidParameter,
    inRegistry: (name) => inRegistry(name),
    repositoryNotFound: (name, registryId = account) =>
      new EcrError(
        'RepositoryNotFoundException',
        `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
      ),
    repositoryExists: (name) =>
      new EcrError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${account}'`,
      ),
    repositoryNotEmpty: (name) =>
      new EcrError(
        'RepositoryNotEmptyException',
        `The repository with name '${name}' in registry with id '${account}' cannot be deleted because it still contains images`,
      ),
    lifecyclePolicyNotFound: (name) =>
      new EcrError(
        'LifecyclePolicyNotFoundException',
        `Lifecycle policy does not exist for ${inRegistry(name)}`,
      ),
    repositoryPolicyNotFound: (name) =>
      new EcrError(
        'RepositoryPolicyNotFoundException',
        `Repository policy does not exist for ${inRegistry(name)}`,
      ),
    imageNotFound: (name, { imageDigest = 'null', imageTag = 'null' }) =>
      new EcrError(
        'ImageNotFoundException',
        `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'} does not exist within ${inRegistry(name)}`,
      ),
    imageExists: (name, digest, tag) =>
      new EcrError(
        'ImageAlreadyExistsException',
        `Image with digest '${digest}'${tag === undefined ? '' : ` and tag '${tag}'`} already exists in the repository with name '${name}' in registry with id '${account}'`,
      ),
    tagTaken: (name, tag) =>
      new EcrError(
        'ImageTagAlreadyExistsException',
        `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
      ),
    layersMissing: (name, digests) =>
      new EcrError(
        'LayersNotFoundException',
        `Layers with digests '[${digests.join(', ')}]' required for pushing image into repository with name '${name}' in the registry with id '${account}' do not exist`,
      ),
    imagesMissing: (name, digests) =>
      new EcrError(
        'ReferencedImagesNotFoundException',
        `Images with digests '[${digests.join(', ')}]' required for pushing image into repository with name '${name}' in the registry with id '${account}' do not exist`,
      ),
    uploadNotFound: (name, uploadId) =>
      new EcrError(
        'UploadNotFoundException',
        `The upload with id '${uploadId}' does not exist in ${inRegistry(name)}`,
      ),
  };
}
