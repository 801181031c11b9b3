export { EcrLocal } from './ecr-local';
