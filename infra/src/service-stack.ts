import {
  RegistryAccess,
  type RegistryAccessProps,
  ServiceRepository,
  type ServiceRepositoryProps,
} from '@typerush/infra-ecr';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';

export interface ServiceStackProps extends StackProps {
  readonly repository: ServiceRepositoryProps;
  /** The roles that push and pull, by name: an import of their ARNs would tie the stacks to one another for good. */
  readonly roles: RegistryAccessProps;
  /**
   * The functions of Lambda that may pull, by name with `*`.
   *
   * @default - none
   */
  readonly lambdaFunctions?: string;
}

/** The repository of one service. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const access = RegistryAccess.fromRoleNames(this, 'Access', props.roles);
    const service = new ServiceRepository(this, 'Service', props.repository);
    service.grantPush(access.pushRole);
    service.grantPull(access.pullRole);
    if (props.lambdaFunctions) service.grantLambdaPull({ functionName: props.lambdaFunctions });
    new CfnOutput(this, 'RepositoryUri', { value: service.repositoryUri });
    new CfnOutput(this, 'RepositoryArn', { value: service.repository.repositoryArn });
    new CfnOutput(this, 'RepositoryName', { value: service.repository.repositoryName });
  }
}
