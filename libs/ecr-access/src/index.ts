export { ecrAddress, explainEcrFailure } from './ecr-failure';
export { EcrRepositories, mutabilityOf } from './ecr-repositories';
export { ecrTarget, type EcrTarget } from './ecr-target';
export {
  type PushDestination,
  pushDestinations,
  requestedDestinations,
  type SiblingRepository,
} from './push-destination';
export { type Repository } from './repository';
export { siblingRepositories } from './sibling-repositories';
