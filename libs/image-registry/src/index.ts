export {
  bytesFreedBy,
  defaultMonthlyBudget,
  imageStorage,
  type ImageStorage,
  monthlyStorageCost,
  type SizedImage,
  storagePricePerGbMonth,
  storedBytes,
  type StoredBlob,
} from './cost';
export {
  type DeploymentNames,
  deploymentNames,
  digestParameter,
  supportingStacks,
  taskFamily,
} from './deployment-names';
export { type Destination, destinationSchema } from './destination';
export { editorSchemas } from './editor-schemas';
export { type Environment, environments, environmentSchema } from './environment';
export { ImageRegistryError } from './errors';
export { type GateName } from './gates';
export {
  type ImageConfig,
  ImageConfigError,
  imageConfigSchema,
  imageFile,
  parseImageConfig,
  type Platform,
  platforms,
} from './image-config';
export {
  evaluateLifecyclePolicy,
  type LifecycleReason,
  type LifecycleVerdict,
  type StoredImage,
} from './lifecycle/evaluator';
export { type LifecycleIssue } from './lifecycle/issue';
export {
  type LifecyclePolicy,
  lifecyclePolicySchema,
  type LifecycleRule,
  type StorageClass,
} from './lifecycle/policy';
export { checkLifecyclePolicy, type LifecycleCheckOptions } from './lifecycle/policy-check';
export { parseLifecyclePolicy } from './lifecycle/rejections';
export {
  parseRegistryConfig,
  type RegistryConfig,
  RegistryConfigError,
  registryFile,
} from './registry-config';
export { excerpt } from './excerpt';
export {
  isRepositoryName,
  repositoryName,
  RepositoryNameError,
  RepositorySharedError,
  requireDistinctRepositories,
} from './repository-name';
export {
  movingTags,
  type RetentionNumbers,
  retentionPolicy,
  type RetentionProfile,
  retentionProfiles,
} from './lifecycle/retention';
export { type AllowedFinding } from './scan-config';
export { type ImageSigner } from './signers';
export { isTag, TagError } from './tag';
export {
  isTagImmutable,
  tagMutabilities,
  type TagMutability,
  tagMutability,
  type TagMutabilitySetting,
} from './tag-mutability';
export { planTagChanges, type TagAction, tagsToSet } from './tag-actions';
export {
  type Commit,
  type PlannedTags,
  planTags,
  type TagPlan,
  type TagPlanInput,
  type TagSource,
} from './tag-plan';
export { readTag } from './tag-reading';
export { deployedTag, fixedTagTemplates, tagSet } from './tag-set';
export { matchesWildcard, wildcardMatcher } from './wildcard';
export { findingSeverities, type FindingSeverity, severitiesFrom } from './finding-severity';
export { type Caller, principalArn } from './access/caller';
export { type ConditionContext, conditionKey } from './access/condition-keys';
export { ecrActions } from './access/ecr-actions';
export { type AccessDecision, type AccessPolicies, evaluateAccess } from './access/evaluate-access';
export {
  maximumPolicyLength,
  type Policy,
  PolicyError,
  type PolicyKind,
  readPolicy,
} from './access/policy-document';
