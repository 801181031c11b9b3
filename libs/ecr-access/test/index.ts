export { EcrLocal } from './ecr-local';
export { awsError, type FakeAnswer, FakeEcrApi } from './fake-ecr-api';
export { completeScan, type ScanAnswer, ScanningProxy } from './scanning-proxy';
