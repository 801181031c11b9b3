export { ecrAddress } from './ecr-address';
export { explainEcrFailure } from './ecr-failure';
export { EcrRepositories, mutabilityOf } from './ecr-repositories';
export { ecrTarget, type EcrTarget } from './ecr-target';
export {
  askedDestinations,
  type PushDestination,
  pushDestinations,
  type SiblingRepository,
} from './push-destination';
export { type Repository } from './repository';
export { siblingRepositories } from './sibling-repositories';
