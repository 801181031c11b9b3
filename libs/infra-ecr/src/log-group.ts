import { RemovalPolicy } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { type Construct } from 'constructs';

/** The log of a construct, which is deleted with it. */
export const logGroup = (
  scope: Construct,
  logGroupName: string,
  retention = logs.RetentionDays.THREE_MONTHS,
): logs.LogGroup =>
  new logs.LogGroup(scope, 'Log', {
    logGroupName,
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
  });

/** Lets a role write to a log. */
export const writeLog = ({ logGroupArn }: logs.ILogGroup): iam.PolicyStatement =>
  new iam.PolicyStatement({
    sid: 'Log',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroupArn],
  });
