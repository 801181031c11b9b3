import { type Duration } from 'aws-cdk-lib/core';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import { type Construct } from 'constructs';

export interface UndeliveredAlertsProps {
  readonly alarmName: string;
  readonly rules: readonly events.Rule[];
  readonly period: Duration;
}

/** EventBridge does not report a target that it could not reach; this alarm does, through CloudWatch's own way to the topic. */
export function undeliveredAlerts(
  scope: Construct,
  id: string,
  { alarmName, rules, period }: UndeliveredAlertsProps,
): cloudwatch.Alarm {
  const failures = Object.fromEntries(
    rules.map(({ ruleName }, index) => [
      `rule${index}`,
      new cloudwatch.Metric({
        namespace: 'AWS/Events',
        metricName: 'FailedInvocations',
        dimensionsMap: { RuleName: ruleName },
        statistic: cloudwatch.Stats.SUM,
        period,
      }),
    ]),
  );
  return new cloudwatch.Alarm(scope, id, {
    alarmName,
    alarmDescription:
      'EventBridge could not deliver an event. Look at the policies of its target: the topic and its key, or the log group.',
    metric: new cloudwatch.MathExpression({
      expression: `SUM([${Object.keys(failures).join(', ')}])`,
      usingMetrics: failures,
      label: 'Undelivered events',
      period,
    }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
