import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { findings } from '../../test/findings';
import { AlertTopic } from '../alerts/alert-topic';
import { CostAnomalies } from './cost-anomalies';
import { EcrBudget } from './ecr-budget';

function synthesize(add: (stack: Stack) => void): Template {
  const stack = new Stack(new App(), 'Test');
  add(stack);
  return Template.fromStack(stack);
}

const topic = (stack: Stack) => AlertTopic.fromTopicName(stack, 'alerts');
const topicArn = { 'Fn::Join': ['', Match.arrayWith([':alerts'])] };

describe('the budget', () => {
  const budget = (monthlyUsd?: number) =>
    synthesize((stack) => {
      new EcrBudget(stack, 'Budget', {
        budgetName: 'typerush-dev',
        topic: topic(stack),
        monthlyUsd,
      });
    });

  it.each([
    [undefined, 5],
    [12.5, 12.5],
  ])('covers only ECR, each month (%s)', (monthlyUsd, Amount) => {
    budget(monthlyUsd).hasResourceProperties('AWS::Budgets::Budget', {
      Budget: {
        BudgetName: 'typerush-dev',
        BudgetType: 'COST',
        TimeUnit: 'MONTHLY',
        BudgetLimit: { Amount, Unit: 'USD' },
        CostFilters: { Service: ['Amazon EC2 Container Registry (ECR)'] },
      },
    });
  });

  it('alerts at 80 % and 100 % of actual and at 100 % of forecast costs', () => {
    const notification = (NotificationType: string, Threshold: number) => ({
      Notification: {
        NotificationType,
        Threshold,
        ThresholdType: 'PERCENTAGE',
        ComparisonOperator: 'GREATER_THAN',
      },
      Subscribers: [{ SubscriptionType: 'SNS', Address: topicArn }],
    });
    budget().hasResourceProperties('AWS::Budgets::Budget', {
      NotificationsWithSubscribers: [
        notification('ACTUAL', 80),
        notification('FORECASTED', 100),
        notification('ACTUAL', 100),
      ],
    });
  });
});

describe('the watch for anomalies', () => {
  const anomalies = (props: { monitor?: string; leastImpactUsd?: number } = {}) =>
    synthesize((stack) => {
      new CostAnomalies(stack, 'Anomalies', {
        name: 'typerush-dev',
        topic: topic(stack),
        monitor: 'create',
        ...props,
      });
    });

  it('alerts of each immediately, from one dollar', () => {
    const template = anomalies();
    const [monitor] = Object.keys(template.findResources('AWS::CE::AnomalyMonitor'));
    template.hasResourceProperties('AWS::CE::AnomalyMonitor', {
      MonitorType: 'DIMENSIONAL',
      MonitorDimension: 'SERVICE',
    });
    template.hasResourceProperties('AWS::CE::AnomalySubscription', {
      Frequency: 'IMMEDIATE',
      MonitorArnList: [{ 'Fn::GetAtt': [monitor, 'MonitorArn'] }],
      Subscribers: [{ Type: 'SNS', Address: topicArn }],
      ThresholdExpression: Match.serializedJson({
        Dimensions: {
          Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
          MatchOptions: ['GREATER_THAN_OR_EQUAL'],
          Values: ['1'],
        },
      }),
    });
  });

  it('takes the monitor that the account has', () => {
    const monitor = 'arn:aws:ce::123456789012:anomalymonitor/0123';
    const template = anomalies({ monitor });
    template.resourceCountIs('AWS::CE::AnomalyMonitor', 0);
    template.hasResourceProperties('AWS::CE::AnomalySubscription', {
      MonitorArnList: [monitor],
    });
  });
});

it.each(['', 'arn:aws:ce::123456789012:anomalysubscription/0123', 'yes'])(
  'a watch for anomalies is refused with the monitor "%s"',
  (monitor) => {
    expect(() =>
      synthesize((stack) => {
        new CostAnomalies(stack, 'Anomalies', { name: 'one', topic: topic(stack), monitor });
      }),
    ).toThrow(expect.objectContaining({ code: 'ANOMALY_MONITOR' }));
  },
);

it('a budget and a watch for anomalies give cdk-nag nothing to find', () => {
  expect(
    findings((stack) => {
      new EcrBudget(stack, 'Budget', { budgetName: 'one', topic: topic(stack) });
      new CostAnomalies(stack, 'Anomalies', {
        name: 'one',
        topic: topic(stack),
        monitor: 'create',
      });
    }),
  ).toEqual([]);
});
