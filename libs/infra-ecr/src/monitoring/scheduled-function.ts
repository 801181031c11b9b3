import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib/core';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logGroup, writeLog } from '../log-group';
import { servicePrincipal } from '../service-principal';

export interface ScheduledFunctionProps {
  /** What the log is named after. */
  readonly name: string;
  readonly description: string;
  readonly roleDescription: string;
  readonly scheduleDescription: string;
  readonly interval: Duration;
  /** The file of its code, beside this one: plain JavaScript. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What it may do besides writing its log. */
  readonly statements: readonly iam.PolicyStatement[];
}

/**
 * A function that runs from time to time. Its code is the text of a file: an asset would need a bucket, and a bucket a
 * bootstrapped account.
 */
export class ScheduledFunction extends Construct {
  readonly function: lambda.Function;
  readonly logGroup: logs.LogGroup;
  readonly interval: Duration;
  protected readonly policy: iam.Policy;

  constructor(scope: Construct, id: string, props: ScheduledFunctionProps) {
    super(scope, id);
    this.interval = props.interval;
    this.logGroup = logGroup(this, `/aws/lambda/${props.name}`);
    const role = new iam.Role(this, 'Role', {
      description: props.roleDescription,
      assumedBy: servicePrincipal('lambda.amazonaws.com'),
    });
    this.policy = new iam.Policy(this, 'Policy', {
      roles: [role],
      statements: [writeLog(this.logGroup), ...props.statements],
    });
    this.function = new lambda.Function(this, 'Function', {
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromInline(codeOf(props.file)),
      timeout: Duration.minutes(15),
      memorySize: 256,
      logGroup: this.logGroup,
      role,
      environment: { ...props.environment },
    });
    this.schedule(props.scheduleDescription);
  }

  private schedule(description: string): void {
    const rule = new events.Rule(this, 'Schedule', {
      description,
      schedule: events.Schedule.rate(this.interval),
      targets: [{ bind: () => ({ arn: this.function.functionArn }) }],
    });
    this.function.addPermission('Schedule', {
      principal: new iam.ServicePrincipal('events.amazonaws.com'),
      sourceArn: rule.ruleArn,
    });
  }
}

/** Without the lines that are comments: a template may have 51,200 bytes. */
function codeOf(file: string): string {
  const text = readFileSync(join(__dirname, file), 'utf8');
  return text.replaceAll(/^\s*(\/\/|\/\*).*\n/gm, '');
}
