export { type IRegistryAccess, RegistryAccess, type RegistryAccessProps } from './registry-access';
export {
  type LambdaPullOptions,
  ServiceRepository,
  type ServiceRepositoryProps,
} from './service-repository';
