import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { repositoryPrefixes } from '../repository-prefixes';
import { type RegistryMetrics } from './registry-metrics';

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

/**
 * Measures every repository from time to time: its size, its images, and the findings of its newest image, or that it is
 * unscanned. The function's code is the text of measure-repositories.js: an asset would need a bucket, and a bucket a
 * bootstrapped account.
 */
export class RepositoryMeasurement extends Construct {
  readonly function: lambda.Function;
  readonly logGroup: logs.LogGroup;
  readonly interval: Duration;

  constructor(scope: Construct, id: string, props: RepositoryMeasurementProps) {
    super(scope, id);
    this.interval = props.interval ?? Duration.hours(6);
    this.logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${props.name}-measurement`,
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new lambda.Function(this, 'Function', {
      description: 'Measures the repositories of a registry',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromInline(measurementCode()),
      timeout: Duration.minutes(15),
      memorySize: 256,
      logGroup: this.logGroup,
      role: this.role(props),
      environment: {
        NAMESPACE: props.metrics.namespace,
        PREFIXES: repositoryPrefixes(props.repositoryNames).join(' '),
        REGISTRY: props.metrics.registry,
      },
    });
    this.schedule();
  }

  private schedule(): void {
    const rule = new events.Rule(this, 'Schedule', {
      description: 'When the repositories are measured',
      schedule: events.Schedule.rate(this.interval),
      targets: [{ bind: () => ({ arn: this.function.functionArn }) }],
    });
    this.function.addPermission('Schedule', {
      principal: new iam.ServicePrincipal('events.amazonaws.com'),
      sourceArn: rule.ruleArn,
    });
  }

  private role(props: RepositoryMeasurementProps): iam.Role {
    const role = new iam.Role(this, 'Role', {
      description: 'Measures the images in the repositories of a registry',
      // https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    const policy = new iam.Policy(this, 'Policy', {
      roles: [role],
      statements: [
        new iam.PolicyStatement({
          sid: 'Log',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
        ...readStatements(props),
      ],
    });
    acknowledgeWildcards(policy, props);
    return role;
  }
}

/** Without the lines that are comments: Lambda takes 4,096 characters. */
function measurementCode(): string {
  const text = readFileSync(join(__dirname, 'measure-repositories.js'), 'utf8');
  return text.replaceAll(/^\s*(\/\/|\/\*).*\n/gm, '');
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
