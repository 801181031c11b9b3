export { AwsApiModel, awsError } from './aws-api-model';
