import * as ce from 'aws-cdk-lib/aws-ce';
import { Construct } from 'constructs';
import { type IAlertTopic } from '../alerts/alert-topic';
import { RegistryDefinitionError } from '../registry-definition-error';

export interface CostAnomaliesProps {
  /** What the monitor and the subscription are named after. */
  readonly name: string;
  readonly topic: IAlertTopic;
  /**
   * The ARN of the account's monitor of AWS services (`aws ce get-anomaly-monitors`), or `create` if the account has none:
   * it takes only one, and usually has it from AWS.
   */
  readonly monitor: string;
  /**
   * The minimum impact of an anomaly that is reported, in USD.
   *
   * @default 1
   */
  readonly leastImpactUsd?: number;
}

/**
 * Reports unusual spending. AWS learns what is usual for each service by itself and has no
 * monitor of only ECR: an alert names the service.
 */
export class CostAnomalies extends Construct {
  /** @throws RegistryDefinitionError ANOMALY_MONITOR */
  constructor(scope: Construct, id: string, props: CostAnomaliesProps) {
    super(scope, id);
    assertMonitor(props.monitor);
    const impact = {
      Dimensions: {
        Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
        MatchOptions: ['GREATER_THAN_OR_EQUAL'],
        Values: [String(props.leastImpactUsd ?? 1)],
      },
    };
    new ce.CfnAnomalySubscription(this, 'Subscription', {
      subscriptionName: props.name,
      monitorArnList: [props.monitor === 'create' ? this.createMonitor(props.name) : props.monitor],
      // SNS supports only immediate alerts.
      frequency: 'IMMEDIATE',
      subscribers: [{ type: 'SNS', address: props.topic.topicArn }],
      thresholdExpression: JSON.stringify(impact),
    });
  }

  private createMonitor(monitorName: string): string {
    return new ce.CfnAnomalyMonitor(this, 'Monitor', {
      monitorName,
      monitorType: 'DIMENSIONAL',
      monitorDimension: 'SERVICE',
    }).attrMonitorArn;
  }
}

function assertMonitor(monitor: string): void {
  if (monitor === 'create' || /^arn:aws[a-z-]*:ce::\d{12}:anomalymonitor\/[\w-]+$/.test(monitor))
    return;
  throw new RegistryDefinitionError(
    'ANOMALY_MONITOR',
    `Invalid monitor of cost anomalies "${monitor}". Expected "create", or an ARN such as arn:aws:ce::123456789012:anomalymonitor/0123abcd.`,
  );
}
