/**
 * The shapes of the ECR API (model 2015-09-21) with dates as `Date`; the JSON transport writes them as epoch seconds.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Types.html
 */
export type TagMutability =
  'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION';

export interface ExclusionFilter {
  readonly filterType: 'WILDCARD';
  readonly filter: string;
}

export interface MutabilitySetting {
  readonly imageTagMutability: TagMutability;
  readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
}

export interface ScanningConfiguration {
  readonly scanOnPush: boolean;
}

export interface EncryptionConfiguration {
  readonly encryptionType: 'AES256' | 'KMS' | 'KMS_DSSE';
  readonly kmsKey?: string;
}

export interface ResourceTag {
  readonly Key: string;
  readonly Value: string;
}

export interface RepositoryDescription extends MutabilitySetting {
  readonly repositoryArn: string;
  readonly registryId: string;
  readonly repositoryName: string;
  /** `<host>:<port>/<name>`: what docker pushes to. */
  readonly repositoryUri: string;
  readonly createdAt: Date;
  readonly imageScanningConfiguration: ScanningConfiguration;
  readonly encryptionConfiguration: EncryptionConfiguration;
}

export interface ImageIdentifier {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

export interface ImageDetail {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly imageDigest: string;
  /** Absent when the image has no tag. */
  readonly imageTags?: readonly string[];
  readonly imageSizeInBytes: number;
  readonly imagePushedAt: Date;
  readonly imageManifestMediaType: string;
  readonly artifactMediaType?: string;
  readonly lastRecordedPullTime?: Date;
  readonly subjectManifestDigest?: string;
  readonly imageStatus: 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING';
  readonly lastArchivedAt?: Date;
  readonly lastActivatedAt?: Date;
}

export interface Image {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
  readonly imageManifest: string;
  readonly imageManifestMediaType: string;
}

export interface ImageFailure {
  readonly imageId: ImageIdentifier;
  readonly failureCode:
    | 'InvalidImageDigest'
    | 'InvalidImageTag'
    | 'ImageTagDoesNotMatchDigest'
    | 'ImageNotFound'
    | 'MissingDigestAndTag'
    | 'ImageInaccessible'
    | 'ImageReferencedByManifestList';
  readonly failureReason: string;
}

export interface Layer {
  readonly layerDigest: string;
  readonly layerAvailability: 'AVAILABLE' | 'UNAVAILABLE';
  readonly layerSize?: number;
  readonly mediaType?: string;
}

export interface LayerFailure {
  readonly layerDigest: string;
  readonly failureCode: 'InvalidLayerDigest' | 'MissingLayerDigest';
  readonly failureReason: string;
}

export interface AuthorizationData {
  readonly authorizationToken: string;
  readonly expiresAt: Date;
  readonly proxyEndpoint: string;
}
