import { Duration } from 'aws-cdk-lib/core';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { alarmAction, type IAlertTopic } from '../alerts/alert-topic';
import { type ImageBuild } from './image-build';

export interface FailedBuildsAlarmProps {
  readonly alarmName: string;
  readonly build: ImageBuild;
  readonly topic: IAlertTopic;
}

/** Alerts when a build failed: its images are missing in the registry. */
export class FailedBuildsAlarm extends Construct {
  constructor(scope: Construct, id: string, { alarmName, build, topic }: FailedBuildsAlarmProps) {
    super(scope, id);
    new cloudwatch.Alarm(this, 'Alarm', {
      alarmName,
      alarmDescription:
        'A build failed; its push was already retried once. See its log for the reason; the next build pushes what this one did not.',
      metric: build.project.metricFailedBuilds({ period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(alarmAction(topic));
  }
}
