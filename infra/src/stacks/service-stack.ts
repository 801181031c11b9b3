import {
  RegistryAccess,
  type RegistryAccessProps,
  ServiceRepository,
  type ServiceRepositoryProps,
} from '@typerush/infra-ecr';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type DeclaredRepository, type RegistryContext } from '../registry-context';

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

/** A stack for each repository, so that one service can be deployed, changed or removed by itself. */
export function addServiceStacks(
  scope: Construct,
  context: RegistryContext,
  access: Stack,
): ServiceStack[] {
  return context.repositories.map((repository) => {
    const stack = addServiceStack(scope, context, repository);
    // The repository's policy names the roles, and ECR refuses a principal that does not exist.
    stack.addStackDependency(access);
    return stack;
  });
}

function addServiceStack(
  scope: Construct,
  { names, environment }: RegistryContext,
  { service, repositoryName, retention, lambdaFunctions }: DeclaredRepository,
): ServiceStack {
  return new ServiceStack(scope, names.serviceStack(service), {
    description: `The images of ${service} (${environment})`,
    roles: { pushRoleName: names.pushRole, pullRoleName: names.pullRole },
    lambdaFunctions,
    repository: { repositoryName, service, environment, project: names.project, retention },
  });
}
