import { type Identity } from '../access/identity';
import {
  type AuthorizationData,
  type EncryptionConfiguration,
  type ExclusionFilter,
  type Image,
  type ImageDetail,
  type ImageFailure,
  type ImageIdentifier,
  type Layer,
  type LayerFailure,
  type MutabilitySetting,
  type RepositoryDescription,
  type ResourceTag,
  type ScanningConfiguration,
  type TagMutability,
} from './ecr-types';

import { type ModelledOperations } from './modelled-operations';
import { type RegistryConfiguration } from './registry-configuration';

export { EcrError, type EcrErrorCode } from '../errors/ecr-error';
export * from './ecr-types';

interface InRegistry {
  readonly registryId?: string;
}

export interface RepositoryRequest extends InRegistry {
  readonly repositoryName: string;
}

/** What every answer about one repository starts with. */
export interface RepositoryRef {
  readonly registryId: string;
  readonly repositoryName: string;
}

interface Page {
  readonly nextToken?: string;
  /** 1 to 1000; without it ECR answers 100. */
  readonly maxResults?: number;
}

export interface CreateRepositoryRequest extends RepositoryRequest {
  readonly tags?: readonly ResourceTag[];
  readonly imageTagMutability?: TagMutability;
  readonly imageTagMutabilityExclusionFilters?: readonly ExclusionFilter[];
  readonly imageScanningConfiguration?: Partial<ScanningConfiguration>;
  readonly encryptionConfiguration?: EncryptionConfiguration;
}

export interface ImageFilter {
  readonly tagStatus?: 'TAGGED' | 'UNTAGGED' | 'ANY';
  readonly imageStatus?: 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING' | 'ANY';
}

export interface AccountSettingAnswer {
  readonly name: string;
  readonly value: string;
}

export interface LifecyclePolicyAnswer extends RepositoryRef {
  readonly lifecyclePolicyText: string;
}

export interface EvaluatedPolicyAnswer extends LifecyclePolicyAnswer {
  readonly lastEvaluatedAt: Date;
}

export interface RepositoryPolicyAnswer extends RepositoryRef {
  readonly policyText: string;
}

/**
 * The ECR API as methods: each takes the request of the operation of its name and answers its response. A request is
 * checked here for every caller: a malformed one, and everything that ECR rejects, is an `EcrError`. A change is durable
 * once its promise has resolved.
 */
export interface EcrService extends ModelledOperations {
  createRepository(
    request: CreateRepositoryRequest,
  ): Promise<{ readonly repository: RepositoryDescription }>;
  describeRepositories(
    request: InRegistry & Page & { readonly repositoryNames?: readonly string[] },
  ): Promise<{
    readonly repositories: readonly RepositoryDescription[];
    readonly nextToken?: string;
  }>;
  /** Without `force` a repository that holds images is refused (RepositoryNotEmptyException). */
  deleteRepository(
    request: RepositoryRequest & { readonly force?: boolean },
  ): Promise<{ readonly repository: RepositoryDescription }>;
  describeRegistry(request: Record<string, never>): Promise<{
    readonly registryId: string;
    readonly replicationConfiguration: RegistryConfiguration['replication'];
  }>;

  getAccountSetting(request: { readonly name: string }): Promise<AccountSettingAnswer>;
  putAccountSetting(request: AccountSettingAnswer): Promise<AccountSettingAnswer>;

  putLifecyclePolicy(
    request: RepositoryRequest & { readonly lifecyclePolicyText: string },
  ): Promise<LifecyclePolicyAnswer>;
  getLifecyclePolicy(request: RepositoryRequest): Promise<EvaluatedPolicyAnswer>;
  deleteLifecyclePolicy(request: RepositoryRequest): Promise<EvaluatedPolicyAnswer>;

  setRepositoryPolicy(
    request: RepositoryRequest & { readonly policyText: string; readonly force?: boolean },
  ): Promise<RepositoryPolicyAnswer>;
  getRepositoryPolicy(request: RepositoryRequest): Promise<RepositoryPolicyAnswer>;
  deleteRepositoryPolicy(request: RepositoryRequest): Promise<RepositoryPolicyAnswer>;

  putImageTagMutability(
    request: RepositoryRequest & MutabilitySetting,
  ): Promise<RepositoryRef & MutabilitySetting>;
  putImageScanningConfiguration(
    request: RepositoryRequest & {
      readonly imageScanningConfiguration: Partial<ScanningConfiguration>;
    },
  ): Promise<RepositoryRef & { readonly imageScanningConfiguration: ScanningConfiguration }>;

  tagResource(request: {
    readonly resourceArn: string;
    readonly tags: readonly ResourceTag[];
  }): Promise<Record<string, never>>;
  untagResource(request: {
    readonly resourceArn: string;
    readonly tagKeys: readonly string[];
  }): Promise<Record<string, never>>;
  listTagsForResource(request: {
    readonly resourceArn: string;
  }): Promise<{ readonly tags: readonly ResourceTag[] }>;

  /** @param identity that the token is for. @default any */
  getAuthorizationToken(
    request: { readonly registryIds?: readonly string[] },
    identity?: Identity,
  ): Promise<{ readonly authorizationData: readonly AuthorizationData[] }>;

  describeImages(
    request: RepositoryRequest &
      Page & { readonly imageIds?: readonly ImageIdentifier[]; readonly filter?: ImageFilter },
  ): Promise<{ readonly imageDetails: readonly ImageDetail[]; readonly nextToken?: string }>;
  listImages(
    request: RepositoryRequest & Page & { readonly filter?: ImageFilter },
  ): Promise<{ readonly imageIds: readonly ImageIdentifier[]; readonly nextToken?: string }>;
  /** @param identity that pulls. @default nobody that can be excluded from the times of pulls */
  batchGetImage(
    request: RepositoryRequest & {
      readonly imageIds: readonly ImageIdentifier[];
      readonly acceptedMediaTypes?: readonly string[];
    },
    identity?: Identity,
  ): Promise<{ readonly images: readonly Image[]; readonly failures: readonly ImageFailure[] }>;
  putImage(
    request: RepositoryRequest & {
      readonly imageManifest: string;
      readonly imageManifestMediaType?: string;
      readonly imageTag?: string;
      readonly imageDigest?: string;
    },
  ): Promise<{ readonly image: Image }>;
  batchDeleteImage(
    request: RepositoryRequest & { readonly imageIds: readonly ImageIdentifier[] },
  ): Promise<{
    readonly imageIds: readonly ImageIdentifier[];
    readonly failures: readonly ImageFailure[];
  }>;

  batchCheckLayerAvailability(
    request: RepositoryRequest & { readonly layerDigests: readonly string[] },
  ): Promise<{ readonly layers: readonly Layer[]; readonly failures: readonly LayerFailure[] }>;
  getDownloadUrlForLayer(
    request: RepositoryRequest & { readonly layerDigest: string },
  ): Promise<{ readonly downloadUrl: string; readonly layerDigest: string }>;
  initiateLayerUpload(
    request: RepositoryRequest,
  ): Promise<{ readonly uploadId: string; readonly partSize: number }>;
  uploadLayerPart(
    request: RepositoryRequest & {
      readonly uploadId: string;
      readonly partFirstByte: number;
      readonly partLastByte: number;
      /** Base64, as on the wire. */
      readonly layerPartBlob: string;
    },
  ): Promise<RepositoryRef & { readonly uploadId: string; readonly lastByteReceived: number }>;
  completeLayerUpload(
    request: RepositoryRequest & {
      readonly uploadId: string;
      readonly layerDigests: readonly string[];
    },
  ): Promise<RepositoryRef & { readonly uploadId: string; readonly layerDigest: string }>;
}
