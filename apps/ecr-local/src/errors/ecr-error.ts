/** The exceptions of the ECR API that ecr-local raises; the HTTP status is 400 for all but a ServerException. */
export const ecrErrorCodes = [
  'EmptyUploadException',
  'ExclusionAlreadyExistsException',
  'ExclusionNotFoundException',
  'ImageAlreadyExistsException',
  'ImageArchivedException',
  'ImageDigestDoesNotMatchException',
  'ImageNotFoundException',
  'ImageStorageClassUpdateNotSupportedException',
  'ImageTagAlreadyExistsException',
  'InvalidLayerException',
  'InvalidLayerPartException',
  'InvalidParameterException',
  'InvalidTagParameterException',
  'LayerAlreadyExistsException',
  'LayersNotFoundException',
  'LifecyclePolicyNotFoundException',
  'LifecyclePolicyPreviewNotFoundException',
  'LimitExceededException',
  'PullThroughCacheRuleAlreadyExistsException',
  'PullThroughCacheRuleNotFoundException',
  'ReferencedImagesNotFoundException',
  'RegistryPolicyNotFoundException',
  'RepositoryAlreadyExistsException',
  'RepositoryNotEmptyException',
  'RepositoryNotFoundException',
  'RepositoryPolicyNotFoundException',
  'ScanNotFoundException',
  'SerializationException',
  'ServerException',
  'SigningConfigurationNotFoundException',
  'TemplateAlreadyExistsException',
  'TemplateNotFoundException',
  'TooManyTagsException',
  'UnknownOperationException',
  'UnsupportedImageTypeException',
  'UnsupportedUpstreamRegistryException',
  'UploadNotFoundException',
  'ValidationException',
] as const;

export type EcrErrorCode = (typeof ecrErrorCodes)[number];

/**
 * What an ECR operation answers instead of a result: `code` is the exception's name on the wire, `message` the
 * text a client shows, `details` further members of the exception (an InvalidLayerPartException has some).
 */
export class EcrError extends Error {
  override readonly name = 'EcrError';

  constructor(
    readonly code: EcrErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
