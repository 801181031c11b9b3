import { Duration } from 'aws-cdk-lib/core';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { alarmAction, type IAlertTopic } from '../alerts/alert-topic';
import { undeliveredAlerts } from '../alerts/undelivered-alerts';
import { servicePrincipal } from '../service-principal';
import { repositoryArn } from './build-source';

export interface CommitTriggerProps {
  /** What the alarm is named after. */
  readonly name: string;
  /** The repository in CodeCommit, in the account and region of the stack. */
  readonly repository: string;
  readonly branch: string;
  /** The build project that a push starts. */
  readonly projectArn: string;
  readonly topic: IAlertTopic;
}

/** Starts a build for each push to a branch in CodeCommit, which has no webhooks. */
export class CommitTrigger extends Construct {
  constructor(scope: Construct, id: string, props: CommitTriggerProps) {
    super(scope, id);
    const role = this.role(props);
    const rule = new events.Rule(this, 'Rule', {
      description: `Starts a build for each push to ${props.branch}`,
      eventPattern: commitPattern(repositoryArn(this, props.repository), props.branch),
      targets: [{ bind: () => ({ arn: props.projectArn, role }) }],
    });
    undeliveredAlerts(this, 'Undelivered', {
      alarmName: `${props.name}-unstarted`,
      rules: [rule],
      period: Duration.minutes(5),
    }).addAlarmAction(alarmAction(props.topic));
  }

  private role({ projectArn }: CommitTriggerProps): iam.Role {
    const role = new iam.Role(this, 'Role', {
      description: 'EventBridge starts builds with this role',
      assumedBy: servicePrincipal('events.amazonaws.com'),
    });
    new iam.Policy(this, 'Policy', {
      roles: [role],
      statements: [
        new iam.PolicyStatement({ actions: ['codebuild:StartBuild'], resources: [projectArn] }),
      ],
    });
    return role;
  }
}

/** https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html */
export function commitPattern(repositoryArn: string, branch: string): events.EventPattern {
  return {
    source: ['aws.codecommit'],
    detailType: ['CodeCommit Repository State Change'],
    resources: [repositoryArn],
    detail: {
      event: ['referenceCreated', 'referenceUpdated'],
      referenceType: ['branch'],
      referenceName: [branch],
    },
  };
}
