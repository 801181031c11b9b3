import { taskFamily } from '@typerush/image-registry';
import { Stack } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { type RunService } from './run-settings';

/** What `docker-promote` and `docker-rollback` need to move a tag to an image that the repository has; no layer is uploaded. */
const retagActions = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:DescribeImageScanFindings',
  'ecr:DescribeImages',
  'ecr:DescribeRepositories',
  'ecr:GetDownloadUrlForLayer',
  'ecr:PutImage',
];

/**
 * What the deploy step does: it points moving tags to images that passed the gates, changes which revision the services run,
 * and points the tag back if one does not become healthy. It can neither upload an image nor change anything else that the stacks declare.
 */
export function deploymentStatements(
  scope: Construct,
  of: {
    readonly project: string;
    readonly services: readonly RunService[];
    readonly executionRoles: readonly iam.Role[];
  },
): iam.PolicyStatement[] {
  const { project, services, executionRoles } = of;
  const arn = (service: string, resource: string, resourceName: string) =>
    Stack.of(scope).formatArn({ service, resource, resourceName });
  return [
    new iam.PolicyStatement({
      sid: 'Services',
      actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
      resources: services.map(({ name }) => arn('ecs', 'service', `${project}/${name}`)),
    }),
    new iam.PolicyStatement({
      sid: 'Revisions',
      actions: ['ecs:RegisterTaskDefinition'],
      resources: services.map(({ name }) =>
        arn('ecs', 'task-definition', `${taskFamily(project, name)}:*`),
      ),
    }),
    new iam.PolicyStatement({
      sid: 'AnyRevision',
      actions: ['ecs:DeregisterTaskDefinition', 'ecs:DescribeTaskDefinition'],
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      sid: 'ExecutionRoles',
      actions: ['iam:PassRole'],
      resources: executionRoles.map(({ roleArn }) => roleArn),
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
    new iam.PolicyStatement({
      sid: 'MovingTags',
      actions: retagActions,
      resources: services.map(({ repositoryName }) => arn('ecr', 'repository', repositoryName)),
    }),
  ];
}
