import { type FindingSeverity } from '@typerush/image-registry';
import { Duration } from 'aws-cdk-lib/core';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { alarmAction, type IAlertTopic, ruleTarget } from '../alerts/alert-topic';
import { undeliveredAlerts } from '../alerts/undelivered-alerts';
import { failedScanPattern, findingsPattern, inspectorFindingsPattern } from './scan-patterns';

export interface ScanAlertsProps {
  /** What the alarm is named after. */
  readonly name: string;
  /** The repositories that are watched; all that share their namespaces are. */
  readonly repositoryNames: readonly string[];
  readonly topic: IAlertTopic;
  /**
   * The least severity that somebody is told of.
   *
   * @default CRITICAL
   */
  readonly threshold?: FindingSeverity;
  /**
   * Whether Amazon Inspector scans (enhanced scanning): each finding is an event of its own then.
   *
   * @default false
   */
  readonly enhanced?: boolean;
}

/** Tells of findings from a threshold up, and of scans that failed, the moment that ECR knows. */
export class ScanAlerts extends Construct {
  readonly rules: readonly events.Rule[];

  constructor(scope: Construct, id: string, props: ScanAlertsProps) {
    super(scope, id);
    this.rules = props.enhanced ? this.inspectorRules(props) : this.basicRules(props);
    undeliveredAlerts(this, 'Undelivered', {
      alarmName: `${props.name}-undelivered`,
      rules: this.rules,
      period: Duration.minutes(5),
    }).addAlarmAction(alarmAction(props.topic));
  }

  private basicRules({ threshold = 'CRITICAL', ...props }: ScanAlertsProps): events.Rule[] {
    const repository = events.EventField.fromPath('$.detail.repository-name');
    const digest = events.EventField.fromPath('$.detail.image-digest');
    const counts = events.EventField.fromPath('$.detail.finding-severity-counts');
    const show = `aws ecr describe-image-scan-findings --repository-name ${repository} --image-id imageDigest=${digest}`;
    return [
      new events.Rule(this, 'Findings', {
        description: `A scan found something of severity ${threshold} or worse`,
        eventPattern: findingsPattern(props.repositoryNames, threshold),
        targets: [
          ruleTarget(
            props.topic,
            events.RuleTargetInput.fromText(
              `Findings from ${threshold} up in ${repository} ${digest}: ${counts}. Do not deploy this image. See them: ${show}`,
            ),
          ),
        ],
      }),
      new events.Rule(this, 'Failed', {
        description: 'A scan failed: nobody knows what is in the image',
        eventPattern: failedScanPattern(props.repositoryNames),
        targets: [
          ruleTarget(
            props.topic,
            events.RuleTargetInput.fromText(
              `The scan of ${repository} ${digest} failed. Why: ${show}. Again: aws ecr start-image-scan --repository-name ${repository} --image-id imageDigest=${digest}`,
            ),
          ),
        ],
      }),
    ];
  }

  private inspectorRules({ threshold = 'CRITICAL', ...props }: ScanAlertsProps): events.Rule[] {
    const severity = events.EventField.fromPath('$.detail.severity');
    const title = events.EventField.fromPath('$.detail.title');
    const image = events.EventField.fromPath('$.detail.resources[0].id');
    return [
      new events.Rule(this, 'Findings', {
        description: `Inspector found something of severity ${threshold} or worse`,
        eventPattern: inspectorFindingsPattern(props.repositoryNames, threshold),
        targets: [
          ruleTarget(
            props.topic,
            events.RuleTargetInput.fromText(
              `${severity}: ${title} in ${image}. Do not deploy this image; Amazon Inspector tells the remedy.`,
            ),
          ),
        ],
      }),
    ];
  }
}
