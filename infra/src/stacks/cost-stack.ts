import { AlertTopic, CostAnomalies, EcrBudget } from '@typerush/infra-ecr';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type CostSettings } from '../environments';
import { type RegistryContext } from '../registry-context';
import { alertTopicName } from './alert-stack';

export interface CostStackProps extends StackProps {
  readonly topicName: string;
  readonly settings: CostSettings;
}

/** Alerts of the cost of the registry, before the bill. */
export class CostStack extends Stack {
  constructor(scope: Construct, id: string, props: CostStackProps) {
    super(scope, id, props);
    // Budgets and anomalies are of the account, and not of a region.
    const name = `${this.stackName}-${this.region}`;
    const topic = AlertTopic.fromTopicName(this, props.topicName);
    const { monthlyUsd, anomalyMonitor: monitor } = props.settings;
    new EcrBudget(this, 'Budget', { budgetName: name, topic, monthlyUsd });
    if (monitor) new CostAnomalies(this, 'Anomalies', { name, topic, monitor });
  }
}

/** None unless `cost` is set. */
export function addCostStack(scope: Construct, context: RegistryContext): CostStack | undefined {
  const { names, environment, settings } = context;
  if (!settings.cost) return undefined;
  return new CostStack(scope, names.supportingStack('cost'), {
    description: `What the registry of ${names.project} may cost (${environment})`,
    topicName: alertTopicName(context),
    settings: settings.cost,
  });
}
