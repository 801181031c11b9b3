export { DeliveryPipeline, type DeliveryPipelineProps } from './delivery-pipeline';
export { DeployRole, type DeployRoleProps } from './deploy-role';
export { RunDefinitionError } from './assert-run-settings';
export { RunServices, type RunServicesProps } from './run-services';
export {
  type DataStore,
  type ExistingNetwork,
  type NewNetwork,
  type RunService,
  type RunServiceSettings,
  type RunSettings,
} from './run-settings';
