export { type ExistingRoles } from './existing-role';
export { type GithubSource } from './github-push-role';
export { type IRegistryAccess, RegistryAccess, type RegistryAccessProps } from './registry-access';
export { RegistryDefinitionError } from './registry-definition-error';
export { RegistryEndpoints, type RegistryEndpointsProps } from './registry-endpoints';
export {
  type LambdaPullOptions,
  ServiceRepository,
  type ServiceRepositoryProps,
} from './service-repository';
