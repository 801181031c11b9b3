import { Aws, Duration, Validations } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { repositoryPrefixes } from '../repository-prefixes';
import { type RegistryMetrics } from './registry-metrics';
import { ScheduledFunction } from './scheduled-function';

export interface ImagesInUseProps {
  /** What the log is named after. */
  readonly name: string;
  /** The repositories that are checked; all that share their namespaces are. */
  readonly repositoryNames: readonly string[];
  readonly metrics: RegistryMetrics;
  /**
   * The functions of Lambda that may pull from the repositories, by name with `*`: only they can use an image.
   *
   * @default - none: Lambda is not queried
   */
  readonly lambdaFunctions?: readonly string[];
  /**
   * How often. ECR applies a lifecycle policy within a day.
   *
   * @default every six hours
   */
  readonly interval?: Duration;
}

/**
 * Checks from time to time whether a lifecycle policy would act on an image that ECS or Lambda uses in the account and
 * region. ECR itself evaluates the policies: https://docs.aws.amazon.com/AmazonECR/latest/userguide/lpp_creation.html
 */
export class ImagesInUse extends ScheduledFunction {
  constructor(scope: Construct, id: string, props: ImagesInUseProps) {
    const prefixes = repositoryPrefixes(props.repositoryNames);
    const functions = [...new Set(props.lambdaFunctions)].sort();
    super(scope, id, {
      name: `${props.name}-images-in-use`,
      description: 'Checks whether an image in use would expire',
      roleDescription: 'Previews lifecycle policies, and reads which images ECS and Lambda use',
      scheduleDescription: 'When the images in use are checked',
      interval: props.interval ?? Duration.hours(6),
      file: 'check-images-in-use.js',
      environment: {
        FUNCTIONS: functions.join(' '),
        NAMESPACE: props.metrics.namespace,
        PREFIXES: prefixes.join(' '),
        REGISTRY: props.metrics.registry,
        WAIT_MS: '2000',
      },
      statements: [
        new iam.PolicyStatement({
          sid: 'List',
          actions: ['ecr:DescribeRepositories'],
          resources: [arn('ecr', 'repository/*')],
        }),
        new iam.PolicyStatement({
          sid: 'Preview',
          actions: ['ecr:GetLifecyclePolicyPreview', 'ecr:StartLifecyclePolicyPreview'],
          resources: prefixes.map((prefix) => arn('ecr', `repository/${prefix}*`)),
        }),
        new iam.PolicyStatement({
          sid: 'ReadUses',
          actions: [
            'ecs:DescribeServices',
            'ecs:DescribeTaskDefinition',
            'ecs:DescribeTasks',
            'ecs:ListClusters',
            'ecs:ListServices',
            'ecs:ListTaskDefinitions',
            'ecs:ListTasks',
            // It knows no resource.
            ...(functions.length > 0 ? ['lambda:ListFunctions'] : []),
          ],
          resources: ['*'],
        }),
        ...(functions.length > 0
          ? [
              // It also returns the code of a function and its variables: never for more functions than may use an image.
              new iam.PolicyStatement({
                sid: 'ReadImages',
                actions: ['lambda:GetFunction'],
                resources: functions.map((name) => arn('lambda', `function:${name}`)),
              }),
            ]
          : []),
      ],
    });
    const acknowledge = (resource: string, reason: string) =>
      Validations.of(this.policy).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${resource}]`,
        reason,
      });
    const own = (service: string) =>
      `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:`;
    acknowledge('*', 'Any service or task of the account may use an image.');
    acknowledge(`${own('ecr')}repository/*`, 'The action lists all repositories.');
    for (const prefix of prefixes) {
      const resource = `${own('ecr')}repository/${prefix}*`;
      acknowledge(resource, 'A service that is added later is checked as well.');
    }
    for (const name of functions.filter((each) => each.includes('*'))) {
      acknowledge(`${own('lambda')}function:${name}`, 'The functions that the registry lets pull.');
    }
  }
}

const arn = (service: string, resource: string) =>
  `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
