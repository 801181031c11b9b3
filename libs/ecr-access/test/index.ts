export { EcrLocal } from './ecr-local';
export { awsError, type FakeAnswer, FakeEcrApi } from './fake-ecr-api';
