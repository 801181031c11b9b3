import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface AlertTopicProps {
  /** The name of the topic, by which other stacks find it. */
  readonly topicName: string;
  /**
   * Who gets every alert by e-mail. Each address has to confirm the mail that SNS sends to it.
   *
   * @default - none: subscribe to the topic by other means
   */
  readonly emails?: readonly string[];
}

/** The topic that alerts are published to. */
export interface IAlertTopic {
  readonly topicArn: string;
}

/** Services that raise alerts, and whether their requests name the source account. */
const publishers = [
  { sid: 'EventBridge', service: 'events.amazonaws.com', accountable: false },
  { sid: 'CloudWatch', service: 'cloudwatch.amazonaws.com', accountable: true },
  { sid: 'Budgets', service: 'budgets.amazonaws.com', accountable: true },
  { sid: 'CostAnomalies', service: 'costalerts.amazonaws.com', accountable: true },
] as const;

/**
 * The topic that every alert of a registry goes to: encrypted, reachable only by TLS, and open to the services that raise alerts.
 *
 * EventBridge is let in without a condition, both here and at the key: it sends no `aws:SourceAccount`, and would be refused
 * without a word to anybody. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class AlertTopic extends Construct implements IAlertTopic {
  /** The existing topic of this name in the account and region of the stack. */
  static fromTopicName(scope: Construct, topicName: string): IAlertTopic {
    return { topicArn: Stack.of(scope).formatArn({ service: 'sns', resource: topicName }) };
  }

  readonly topicArn: string;

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    const topic = new sns.Topic(this, 'Topic', {
      topicName: props.topicName,
      // SNS's own key cannot be opened to other services.
      masterKey: this.key(),
      enforceSSL: true,
    });
    for (const statement of letPublish(['sns:Publish'], topic.topicArn)) {
      topic.addToResourcePolicy(statement);
    }
    for (const email of new Set(props.emails)) {
      new sns.Subscription(this, `Email-${email}`, {
        topic,
        protocol: sns.SubscriptionProtocol.EMAIL,
        endpoint: email,
      });
    }
    this.topicArn = topic.topicArn;
  }

  private key(): kms.Key {
    const key = new kms.Key(this, 'Key', {
      description: 'Encrypts alerts on their way to the subscribers',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    // In a key's policy, `*` is the key itself.
    for (const statement of letPublish(['kms:Decrypt', 'kms:GenerateDataKey*'], '*')) {
      key.addToResourcePolicy(statement);
    }
    return key;
  }
}

function letPublish(actions: string[], resource: string): iam.PolicyStatement[] {
  return publishers.map(
    ({ sid, service, accountable }) =>
      new iam.PolicyStatement({
        sid,
        principals: [new iam.ServicePrincipal(service)],
        actions,
        resources: [resource],
        ...(accountable && {
          conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        }),
      }),
  );
}

/** For alarms, without the CDK's module of all alarm actions. */
export function alarmAction({ topicArn }: IAlertTopic): cloudwatch.IAlarmAction {
  return { bind: () => ({ alarmActionArn: topicArn }) };
}

/** For rules; the CDK's own target would give a topic that it imports no policy, and loads every target there is. */
export function ruleTarget(
  { topicArn }: IAlertTopic,
  message: events.RuleTargetInput,
): events.IRuleTarget {
  return { bind: () => ({ arn: topicArn, input: message }) };
}
