export { ecrCredentials } from './ecr-credentials';
export { ecrAddress, explainEcrFailure, registryAt } from './ecr-failure';
export { EcrImageRecords, type ImageRecords, listImages, type RemoteImage } from './ecr-images';
export { EcrRepositories, mutabilityOf } from './ecr-repositories';
export { ecrTarget, type EcrTarget, type EnvironmentDestinations } from './ecr-target';
export {
  type PushDestination,
  pushDestinations,
  requestedDestinations,
  type SiblingRepository,
} from './push-destination';
export { type Repository } from './repository';
export { siblingRepositories } from './sibling-repositories';
