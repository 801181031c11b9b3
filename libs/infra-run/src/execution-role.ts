import { logInAction, pullActions, writeLog } from '@typerush/infra-ecr';
import { Aws, Stack, Validations } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { type Construct } from 'constructs';
import { type RunService } from './run-settings';

/**
 * The role with which ECS starts the tasks of one service: it pulls from the repository of this service, reads its secrets
 * and writes its log, and nothing else. The tasks themselves get no role, and so no AWS credentials.
 */
export function executionRole(
  scope: Construct,
  id: string,
  { service, logGroup }: { readonly service: RunService; readonly logGroup: ILogGroup },
): iam.Role {
  const role = new iam.Role(scope, id, {
    description: `ECS starts tasks of ${service.name} with this role`,
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: { 'aws:SourceArn': Stack.of(scope).formatArn({ service: 'ecs', resource: '*' }) },
      },
    }),
    inlinePolicies: {
      StartTasks: new iam.PolicyDocument({ statements: statements(scope, service, logGroup) }),
    },
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: `${logInAction} knows no resource; everything else is of one service`,
  });
  return role;
}

function statements(
  scope: Construct,
  { repositoryName, secrets = {} }: RunService,
  logGroup: ILogGroup,
): iam.PolicyStatement[] {
  const arns = [...new Set(Object.values(secrets).map(withoutKey))];
  return [
    new iam.PolicyStatement({ sid: 'LogIn', actions: [logInAction], resources: ['*'] }),
    new iam.PolicyStatement({
      sid: 'Pull',
      actions: [...pullActions],
      resources: [
        Stack.of(scope).formatArn({
          service: 'ecr',
          resource: 'repository',
          resourceName: repositoryName,
        }),
      ],
    }),
    writeLog(logGroup),
    ...(arns.length > 0
      ? [
          new iam.PolicyStatement({
            sid: 'Secrets',
            actions: ['secretsmanager:GetSecretValue'],
            resources: arns,
          }),
        ]
      : []),
  ];
}

/** The ARN of the secret, of which ECS may read one key: `<arn>:<key>:<stage>:<version>`. */
const withoutKey = (arn: string) => arn.split(':').slice(0, 7).join(':');
