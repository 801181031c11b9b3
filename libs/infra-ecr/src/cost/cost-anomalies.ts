import * as ce from 'aws-cdk-lib/aws-ce';
import { Construct } from 'constructs';
import { type IAlertTopic } from '../alerts/alert-topic';

export interface CostAnomaliesProps {
  /** What the monitor and the subscription are named after. */
  readonly name: string;
  readonly topic: IAlertTopic;
  /**
   * The ARN of the monitor of AWS services that the account has. An account takes one such monitor, and many have it from
   * AWS (`aws ce get-anomaly-monitors`).
   *
   * @default - a monitor is made
   */
  readonly monitorArn?: string;
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
  constructor(scope: Construct, id: string, props: CostAnomaliesProps) {
    super(scope, id);
    const impact = {
      Dimensions: {
        Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
        MatchOptions: ['GREATER_THAN_OR_EQUAL'],
        Values: [String(props.leastImpactUsd ?? 1)],
      },
    };
    new ce.CfnAnomalySubscription(this, 'Subscription', {
      subscriptionName: props.name,
      monitorArnList: [props.monitorArn ?? this.monitor(props.name)],
      // SNS supports only immediate alerts.
      frequency: 'IMMEDIATE',
      subscribers: [{ type: 'SNS', address: props.topic.topicArn }],
      thresholdExpression: JSON.stringify(impact),
    });
  }

  private monitor(monitorName: string): string {
    return new ce.CfnAnomalyMonitor(this, 'Monitor', {
      monitorName,
      monitorType: 'DIMENSIONAL',
      monitorDimension: 'SERVICE',
    }).attrMonitorArn;
  }
}
