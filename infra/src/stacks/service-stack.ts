import {
  type OtherAccounts,
  RegistryAccess,
  type RegistryAccessProps,
  ServiceRepository,
  type ServiceRepositoryProps,
} from '@typerush/infra-ecr';
import { Key } from 'aws-cdk-lib/aws-kms';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type DeclaredRepository, type RegistryContext } from '../registry-context';
import { accessProps } from './access-stack';

export interface ServiceStackProps extends StackProps {
  readonly repository: Omit<ServiceRepositoryProps, 'encryptionKey'>;
  /** @default - AES256 with the key that S3 manages */
  readonly encryptionKeyArn?: string;
  /** Who has access, by name: an import of the roles' ARNs would tie the stacks to one another for good. */
  readonly access: RegistryAccessProps;
  /**
   * Other accounts that may pull.
   *
   * @default - none
   */
  readonly otherAccounts?: OtherAccounts;
  /**
   * The functions of Lambda that may pull, by name with `*`.
   *
   * @default - none
   */
  readonly lambdaFunctions?: string;
  /** How the SSM parameters with the repository's URI and ARN are called. */
  readonly parameter: (what: 'uri' | 'arn') => string;
}

/** The repository of one service. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    super(scope, id, props);
    const { encryptionKeyArn, repository, lambdaFunctions, otherAccounts } = props;
    const service = new ServiceRepository(this, 'Service', {
      ...repository,
      encryptionKey: encryptionKeyArn
        ? Key.fromKeyArn(this, 'EncryptionKey', encryptionKeyArn)
        : undefined,
    });
    const { pushers, pullers } = RegistryAccess.fromRoleNames(this, 'Access', props.access);
    for (const pusher of pushers) service.grantPush(pusher);
    for (const puller of pullers) service.grantPull(puller);
    if (otherAccounts) service.grantPullToOthers(otherAccounts);
    if (lambdaFunctions) service.grantLambdaPull({ functionName: lambdaFunctions });
    this.publish(service, props);
  }

  /** Outputs for people, parameters for other stacks: an export cannot change while a stack imports it. */
  private publish(
    { repository, repositoryUri }: ServiceRepository,
    props: ServiceStackProps,
  ): void {
    const { repositoryArn, repositoryName } = repository;
    new CfnOutput(this, 'RepositoryUri', { value: repositoryUri });
    new CfnOutput(this, 'RepositoryArn', { value: repositoryArn });
    new CfnOutput(this, 'RepositoryName', { value: repositoryName });
    for (const [what, stringValue] of [
      ['uri', repositoryUri],
      ['arn', repositoryArn],
    ] as const) {
      new StringParameter(this, `${what === 'uri' ? 'Uri' : 'Arn'}Parameter`, {
        parameterName: props.parameter(what),
        description: `The ${what.toUpperCase()} of ${props.repository.repositoryName}`,
        stringValue,
      });
    }
  }
}

/** A stack for each repository, so that one service can be deployed, changed or removed by itself. */
export function addServiceStacks(
  scope: Construct,
  context: RegistryContext,
  access: Stack,
): ServiceStack[] {
  return context.repositories.map((repository) => {
    const stack = new ServiceStack(
      scope,
      context.names.serviceStack(repository.service),
      serviceStackProps(context, repository),
    );
    // The repository's policy names the roles, and ECR refuses a principal that does not exist.
    stack.addStackDependency(access);
    return stack;
  });
}

function serviceStackProps(
  context: RegistryContext,
  { service, repositoryName, retention, keep }: DeclaredRepository,
): ServiceStackProps {
  const { names, environment, settings } = context;
  return {
    description: `The images of ${service} (${environment})`,
    repository: { repositoryName, service, environment, project: names.project, retention, keep },
    encryptionKeyArn: settings.encryptionKeyArn,
    access: accessProps(context),
    otherAccounts: settings.otherAccounts,
    lambdaFunctions: settings.lambdaFunctions?.[service],
    parameter: (what) => names.parameter(service, what),
  };
}
