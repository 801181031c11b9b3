/** What a permission is for: a repository, or the registry as a whole (`"Resource": "*"`). */
export type EcrResourceType = 'repository' | 'registry';

/** The last three of the repositories are permissions only: there is no operation of that name. */
const names: Readonly<Record<EcrResourceType, string>> = {
  repository: `
    BatchCheckLayerAvailability BatchDeleteImage BatchGetImage BatchGetRepositoryScanningConfiguration
    CompleteLayerUpload CreateRepository DeleteLifecyclePolicy DeleteRepository DeleteRepositoryPolicy
    DescribeImageReplicationStatus DescribeImageScanFindings DescribeImageSigningStatus DescribeImages
    DescribeRepositories GetDownloadUrlForLayer GetLifecyclePolicy GetLifecyclePolicyPreview GetRepositoryPolicy
    InitiateLayerUpload ListImageReferrers ListImages ListTagsForResource PutImage PutImageScanningConfiguration
    PutImageTagMutability PutLifecyclePolicy SetRepositoryPolicy StartImageScan StartLifecyclePolicyPreview TagResource
    UntagResource UpdateImageStorageClass UploadLayerPart
    BatchImportUpstreamImage GetImageCopyStatus ReplicateImage`,
  registry: `
    CreatePullThroughCacheRule CreateRepositoryCreationTemplate DeletePullThroughCacheRule DeleteRegistryPolicy
    DeleteRepositoryCreationTemplate DeleteSigningConfiguration DeregisterPullTimeUpdateExclusion
    DescribePullThroughCacheRules DescribeRegistry DescribeRepositoryCreationTemplates GetAccountSetting
    GetAuthorizationToken GetRegistryPolicy GetRegistryScanningConfiguration GetSigningConfiguration
    ListPullTimeUpdateExclusions PutAccountSetting PutRegistryPolicy PutRegistryScanningConfiguration
    PutReplicationConfiguration PutSigningConfiguration RegisterPullTimeUpdateExclusion UpdatePullThroughCacheRule
    UpdateRepositoryCreationTemplate ValidatePullThroughCacheRule`,
};

const types: readonly EcrResourceType[] = ['repository', 'registry'];

/**
 * The actions of ECR, such as `ecr:PutImage`, and what each is for.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
export const ecrActions: ReadonlyMap<string, EcrResourceType> = new Map(
  types.flatMap((type) =>
    names[type]
      .trim()
      .split(/\s+/)
      .map((name) => [`ecr:${name}`, type] as const),
  ),
);
