import { Aws, Duration, Validations } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type Construct } from 'constructs';
import { repositoryPrefixes } from '../repository-prefixes';
import { type RegistryMetrics } from './registry-metrics';
import { ScheduledFunction } from './scheduled-function';

export interface RepositoryMeasurementProps {
  /** What the log is named after. */
  readonly name: string;
  /** The repositories that are measured; all that share their namespaces are. */
  readonly repositoryNames: readonly string[];
  readonly metrics: RegistryMetrics;
  /**
   * How often.
   *
   * @default every six hours
   */
  readonly interval?: Duration;
  /**
   * Whether findings are Amazon Inspector's (enhanced scanning).
   *
   * @default false
   */
  readonly enhancedScanning?: boolean;
}

/** Measures every repository from time to time: its size, its images, and the findings of its newest image, or that it is unscanned. */
export class RepositoryMeasurement extends ScheduledFunction {
  constructor(scope: Construct, id: string, props: RepositoryMeasurementProps) {
    super(scope, id, {
      name: `${props.name}-measurement`,
      description: 'Measures the repositories of a registry',
      roleDescription: 'Measures the images in the repositories of a registry',
      scheduleDescription: 'When the repositories are measured',
      interval: props.interval ?? Duration.hours(6),
      file: 'measure-repositories.js',
      environment: {
        NAMESPACE: props.metrics.namespace,
        PREFIXES: repositoryPrefixes(props.repositoryNames).join(' '),
        REGISTRY: props.metrics.registry,
      },
      statements: readStatements(props),
    });
    acknowledgeWildcards(this.policy, props);
  }
}

const repositoryArn = (prefix: string) =>
  `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:${Aws.ACCOUNT_ID}:repository/${prefix}`;

function readStatements({
  repositoryNames,
  enhancedScanning,
}: RepositoryMeasurementProps): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      sid: 'List',
      actions: ['ecr:DescribeRepositories'],
      resources: [repositoryArn('*')],
    }),
    new iam.PolicyStatement({
      sid: 'Read',
      actions: ['ecr:DescribeImages', 'ecr:DescribeImageScanFindings'],
      resources: repositoryPrefixes(repositoryNames).map((prefix) => repositoryArn(`${prefix}*`)),
    }),
    ...(enhancedScanning
      ? [
          new iam.PolicyStatement({
            sid: 'ReadInspector',
            actions: ['inspector2:ListCoverage', 'inspector2:ListFindings'],
            resources: ['*'],
          }),
        ]
      : []),
  ];
}

function acknowledgeWildcards(policy: iam.Policy, props: RepositoryMeasurementProps): void {
  const acknowledge = (resource: string, reason: string) =>
    Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
  const arn = 'arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/';
  acknowledge(`${arn}*`, 'The action lists all repositories and cannot be restricted to some.');
  for (const prefix of repositoryPrefixes(props.repositoryNames)) {
    acknowledge(`${arn}${prefix}*`, 'A service that is added later is measured as well.');
  }
  if (props.enhancedScanning) {
    acknowledge('*', 'The actions of Inspector that list know no resource.');
  }
}
