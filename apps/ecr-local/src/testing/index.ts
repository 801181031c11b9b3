export {
  type AppliedPolicy,
  type Duration,
  type EcrLocalClock,
  type RunningEcrLocal,
  type StartOptions,
} from './running-ecr-local';
export { startEcrLocal } from './start-ecr-local';
