import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logGroup } from '../log-group';
import { repositoryPrefixes } from '../repository-prefixes';
import { type RegistryMetrics } from './registry-metrics';

export interface PushLogProps {
  /** What the log is named after. */
  readonly name: string;
  /** The repositories that are watched; all that share their namespaces are. */
  readonly repositoryNames: readonly string[];
  readonly metrics: RegistryMetrics;
}

/**
 * Keeps every event of a tag that was pushed or moved, and counts them: one for each tag, so three for a push to dev. The
 * log is what was pushed when; the metrics are made from it, so that no code has to run.
 */
export class PushLog extends Construct {
  readonly rule: events.Rule;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: PushLogProps) {
    super(scope, id);
    this.logGroup = logGroup(
      this,
      // EventBridge delivers only to groups with this prefix.
      `/aws/events/${props.name}-pushes`,
      logs.RetentionDays.SIX_MONTHS,
    );
    const policy = this.letEventBridgeWrite(props);
    this.rule = new events.Rule(this, 'Pushes', {
      description: 'Every tag that is pushed or moved',
      eventPattern: {
        source: ['aws.ecr'],
        detailType: ['ECR Image Action'],
        detail: {
          'action-type': ['PUSH'],
          result: ['SUCCESS'],
          // The images of a list come without a tag of their own.
          'image-tag': [{ exists: true }],
          'repository-name': repositoryPrefixes(props.repositoryNames).map((prefix) => ({
            prefix,
          })),
        },
      },
      targets: [{ bind: () => ({ arn: this.targetArn() }) }],
    });
    this.rule.node.addDependency(policy);
    this.count(props);
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions */
  private letEventBridgeWrite({ name }: PushLogProps): logs.ResourcePolicy {
    return new logs.ResourcePolicy(this, 'Policy', {
      resourcePolicyName: `${name}-pushes`,
      policyStatements: [
        new iam.PolicyStatement({
          principals: [
            new iam.ServicePrincipal('events.amazonaws.com'),
            new iam.ServicePrincipal('delivery.logs.amazonaws.com'),
          ],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
      ],
    });
  }

  /** A log group's own attribute ends with `:*`, which EventBridge does not take. */
  private targetArn(): string {
    return Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: this.logGroup.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  private count({ metrics }: PushLogProps): void {
    const filter = {
      logGroup: this.logGroup,
      filterPattern: logs.FilterPattern.exists('$.detail.repository-name'),
      metricNamespace: metrics.namespace,
      metricValue: '1',
    };
    new logs.MetricFilter(this, 'ByRepository', {
      ...filter,
      metricName: 'TagsPushed',
      dimensions: { Repository: '$.detail.repository-name' },
    });
    new logs.MetricFilter(this, 'All', { ...filter, metricName: 'RegistryTagsPushed' });
  }
}
