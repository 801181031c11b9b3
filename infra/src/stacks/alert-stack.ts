import { AlertTopic } from '@typerush/infra-ecr';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type RegistryContext } from '../registry-context';

export interface AlertStackProps extends StackProps {
  readonly topicName: string;
  /** @default - none */
  readonly emails?: readonly string[];
}

/** The topic of the alerts of all other stacks. */
export class AlertStack extends Stack {
  constructor(scope: Construct, id: string, { topicName, emails, ...props }: AlertStackProps) {
    super(scope, id, props);
    const { topicArn } = new AlertTopic(this, 'Alerts', { topicName, emails });
    new CfnOutput(this, 'TopicArn', { value: topicArn });
  }
}

/** None if nothing raises alerts. */
export function addAlertStack(scope: Construct, context: RegistryContext): AlertStack | undefined {
  const { names, environment, settings } = context;
  const { delivery, scanning, monitoring, cost, emails } = settings;
  if (!(delivery ?? scanning ?? monitoring ?? cost)) return undefined;
  return new AlertStack(scope, names.supportingStack('alerts'), {
    description: `The topic of the alerts of ${names.project} (${environment})`,
    topicName: alertTopicName(context),
    emails,
  });
}

/** The name by which the other stacks know the topic: an import of its ARN would tie them to one another for good. */
export function alertTopicName({ names }: RegistryContext): string {
  return names.supportingStack('alerts');
}
