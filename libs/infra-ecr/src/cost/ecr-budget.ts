import * as budgets from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import { type IAlertTopic } from '../alerts/alert-topic';

export interface EcrBudgetProps {
  readonly budgetName: string;
  readonly topic: IAlertTopic;
  /**
   * What ECR may cost a month, in USD.
   *
   * @default 5
   */
  readonly monthlyUsd?: number;
}

/** As Cost Explorer names it. */
const ecr = 'Amazon EC2 Container Registry (ECR)';

/**
 * Alerts when a month's bill for ECR has reached 80 % and 100 % of the budget, and when it is forecast to exceed it. A budget is of the
 * account, regardless of the region of its stack.
 */
export class EcrBudget extends Construct {
  constructor(scope: Construct, id: string, props: EcrBudgetProps) {
    super(scope, id);
    const subscribers = [{ subscriptionType: 'SNS', address: props.topic.topicArn }];
    const notify = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold,
        thresholdType: 'PERCENTAGE',
      },
      subscribers,
    });
    new budgets.CfnBudget(this, 'Budget', {
      budget: {
        budgetName: props.budgetName,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: props.monthlyUsd ?? 5, unit: 'USD' },
        costFilters: { Service: [ecr] },
      },
      notificationsWithSubscribers: [
        notify('ACTUAL', 80),
        notify('FORECASTED', 100),
        notify('ACTUAL', 100),
      ],
    });
  }
}
