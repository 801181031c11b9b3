import * as events from 'aws-cdk-lib/aws-events';
import { type FindingSeverity, severitiesFrom } from '@typerush/image-registry';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { alarmAction, type IAlertTopic, ruleTarget } from '../alerts/alert-topic';
import { undeliveredAlerts } from '../alerts/undelivered-alerts';
import { repositoryPrefixes } from '../repository-prefixes';

export interface ScanAlertsProps {
  /** What the alarm is named after. */
  readonly name: string;
  /** The repositories that are watched; all that share their namespaces are. */
  readonly repositoryNames: readonly string[];
  readonly topic: IAlertTopic;
  /**
   * The minimum severity that is reported.
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

/**
 * Alerts of findings of a threshold or higher, and of failed scans, as soon as ECR reports them. Basic scanning reads
 * packages of the operating system; enhanced scanning also reads npm packages, in `node_modules` alone, which a bundle does
 * not have.
 */
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
        description: 'A scan failed: the findings of the image are unknown',
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
              `${severity}: ${title} in ${image}. Do not deploy this image; Amazon Inspector shows the remedy.`,
            ),
          ),
        ],
      }),
    ];
  }
}

const scan = { source: ['aws.ecr'], detailType: ['ECR Image Scan'] };

const namespaces = (repositoryNames: readonly string[]) =>
  repositoryPrefixes(repositoryNames).map((prefix) => ({ prefix }));

/**
 * Scans that found anything of a severity from the threshold up: an event counts the severities that it found, and leaves
 * out the others. https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function findingsPattern(
  repositoryNames: readonly string[],
  threshold: FindingSeverity,
): events.EventPattern {
  const found = severitiesFrom(threshold).map((severity) => ({
    'finding-severity-counts': { [severity]: [{ numeric: ['>', 0] }] },
  }));
  return {
    ...scan,
    detail: {
      'scan-status': ['COMPLETE'],
      'repository-name': namespaces(repositoryNames),
      ...(found.length === 1 ? found[0] : { $or: found }),
    },
  };
}

export function failedScanPattern(repositoryNames: readonly string[]): events.EventPattern {
  return {
    ...scan,
    detail: { 'scan-status': ['FAILED'], 'repository-name': namespaces(repositoryNames) },
  };
}

/** https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html */
export function inspectorFindingsPattern(
  repositoryNames: readonly string[],
  threshold: FindingSeverity,
): events.EventPattern {
  return {
    source: ['aws.inspector2'],
    detailType: ['Inspector2 Finding'],
    detail: {
      status: ['ACTIVE'],
      severity: severitiesFrom(threshold),
      resources: {
        type: ['AWS_ECR_CONTAINER_IMAGE'],
        details: { awsEcrContainerImage: { repositoryName: namespaces(repositoryNames) } },
      },
    },
  };
}
