export { AlertTopic, type AlertTopicProps, type IAlertTopic } from './alerts/alert-topic';
export { CostAnomalies, type CostAnomaliesProps } from './cost/cost-anomalies';
export { EcrBudget, type EcrBudgetProps } from './cost/ecr-budget';
export { type BuildNetwork } from './delivery/build-network';
export { type BuildSource } from './delivery/build-source';
export { CommitTrigger, type CommitTriggerProps } from './delivery/commit-trigger';
export { FailedBuildsAlarm, type FailedBuildsAlarmProps } from './delivery/failed-builds-alarm';
export { ImageBuild, type ImageBuildProps } from './delivery/image-build';
export { LastCommit, type LastCommitProps } from './delivery/last-commit';
export { type ExistingRoles } from './existing-role';
export { GithubRole, type GithubRoleProps, type GithubSource } from './github-role';
export { ImagesInUse, type ImagesInUseProps } from './monitoring/images-in-use';
export { PushLog, type PushLogProps } from './monitoring/push-log';
export {
  RegistryAlarms,
  type RegistryAlarmsProps,
  type RegistryLimits,
} from './monitoring/registry-alarms';
export { RegistryDashboard, type RegistryDashboardProps } from './monitoring/registry-dashboard';
export { RegistryMetrics } from './monitoring/registry-metrics';
export {
  RepositoryMeasurement,
  type RepositoryMeasurementProps,
} from './monitoring/repository-measurement';
export { logGroup, writeLog } from './log-group';
export { type OtherAccounts } from './other-accounts';
export {
  type CachedUpstream,
  PullThroughCache,
  type PullThroughCacheProps,
  type Upstream,
} from './pull-through-cache';
export { type IRegistryAccess, RegistryAccess, type RegistryAccessProps } from './registry-access';
export { logInAction, pullActions } from './repository-actions';
export { RegistryDefinitionError } from './registry-definition-error';
export { RegistryEndpoints, type RegistryEndpointsProps } from './registry-endpoints';
export { servicePrincipal } from './service-principal';
export { EnhancedScanning, type EnhancedScanningProps } from './scanning/enhanced-scanning';
export { ScanAlerts, type ScanAlertsProps } from './scanning/scan-alerts';
export {
  type LambdaPullOptions,
  ServiceRepository,
  type ServiceRepositoryProps,
} from './service-repository';
// What a CDK app outside of this workspace needs of the model, so that it needs one package.
export {
  type DeploymentNames,
  deploymentNames,
  type Environment,
  environmentSchema,
  type ImageConfig,
  imageFile,
  parseImageConfig,
  parseRegistryConfig,
  type RegistryConfig,
  registryFile,
  repositoryName,
  requireDistinctRepositories,
} from '@typerush/image-registry';
