import { Match, Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import {
  dashboardOf,
  metricsOfAlarms,
  metricsOfFilters,
  metricsOnDashboard,
} from '../../test/dashboard';
import { findings } from '../../test/findings';
import { digest, fakeEcr, fakeImage } from '../../test/fake-ecr';
import { metricsOf, runInline } from '../../test/inline-function';
import { isMetricOfAws } from '../../test/service-spec';
import { AlertTopic } from '../alerts/alert-topic';
import { PushLog } from './push-log';
import { RegistryAlarms, type RegistryLimits } from './registry-alarms';
import { RegistryDashboard } from './registry-dashboard';
import { RegistryMetrics } from './registry-metrics';
import { RepositoryMeasurement } from './repository-measurement';

interface Situation {
  readonly repositoryNames?: readonly string[];
  readonly limits?: RegistryLimits;
  readonly buildProjectName?: string;
}

function add(stack: Stack, situation: Situation = {}): void {
  const { repositoryNames = ['typerush/game-service'], limits, buildProjectName } = situation;
  const metrics = new RegistryMetrics('typerush-dev');
  const name = 'typerush-dev-registry-monitoring';
  const measured = { name, repositoryNames, metrics };
  const pushLog = new PushLog(stack, 'Pushes', measured);
  const measurement = new RepositoryMeasurement(stack, 'Measurement', measured);
  const { alarms } = new RegistryAlarms(stack, 'Alarms', {
    name,
    topic: AlertTopic.fromTopicName(stack, 'alerts'),
    metrics,
    measurement,
    pushLog,
    limits,
  });
  new RegistryDashboard(stack, 'Dashboard', {
    dashboardName: name,
    title: 'typerush-dev',
    metrics,
    pushLog,
    alarms,
    interval: measurement.interval,
    buildProjectName,
    budget: { usd: 5, sizeGb: 50 },
  });
}

function synthesize(situation?: Situation): Template {
  const stack = new Stack(new App(), 'Test');
  add(stack, situation);
  return Template.fromStack(stack);
}

/** What the function of a template emits when there is one scanned image. */
async function emittedByFunction(template: Template): Promise<string[]> {
  const { answer } = fakeEcr(
    { 'typerush/game-service': [fakeImage(1)] },
    { [digest(1)]: { status: 'COMPLETE', counts: {} } },
  );
  const lines = await runInline(template, answer);
  return lines.flatMap((line) =>
    [...metricsOf(line).keys()].map((metric) => metric.replaceAll(/=[^,}]*/g, '')),
  );
}

describe('the dashboard', () => {
  const template = synthesize({ buildProjectName: 'typerush-dev-registry-delivery' });
  const dashboard = dashboardOf(template);

  it('has a row for each question, no widget upon another, and none beyond the edge', () => {
    const rows = new Map<number, number>();
    for (const { y, x, width } of dashboard.widgets) {
      expect(x).toBe(rows.get(y) ?? 0);
      rows.set(y, x + width);
    }
    expect([...rows.values()]).toEqual([24, 24, 24, 24, 24, 24, 24]);
    expect(dashboard.widgets.flatMap(({ properties }) => properties.title ?? [])).toEqual([
      'Alarms',
      'Tags pushed a day',
      'Last pushes',
      'Size of each repository (bytes)',
      'Images in each repository',
      'Critical findings in the newest image',
      'High findings in the newest image',
      'Other findings in the newest image',
      'Repositories whose newest image is unscanned',
      'Pulls a day, of every repository in this account and region',
      'Storage of this registry in USD a month, at most',
      'ECR on this month’s bill so far, in USD (if billing alerts are enabled)',
      'Builds a day',
      'Seconds a build takes',
    ]);
  });

  it('queries no metric that nothing emits', async () => {
    const emitted = [...metricsOfFilters(template), ...(await emittedByFunction(template))];
    const queried = metricsOnDashboard(dashboard);
    expect(new Set(queried).size).toBeGreaterThan(10);
    expect(queried.filter((metric) => !emitted.includes(metric) && !isMetricOfAws(metric))).toEqual(
      [],
    );
  });

  it('shows every metric that the registry emits for its repositories', async () => {
    const emitted = [...metricsOfFilters(template), ...(await emittedByFunction(template))];
    const queried = metricsOnDashboard(dashboard);
    const perRepository = emitted.filter((metric) => metric.endsWith('{Repository}'));
    expect(perRepository).toHaveLength(7);
    expect(perRepository.filter((metric) => !queried.includes(metric))).toEqual([]);
  });

  it('queries the region of the stack, and for the bill the region that has it', () => {
    for (const { type, properties } of dashboard.widgets) {
      if (type !== 'metric') continue;
      const bill = JSON.stringify(properties.metrics).includes('AWS/Billing');
      expect(properties.region).toBe('Ref:AWS::Region');
      if (bill) expect(JSON.stringify(properties.metrics)).toContain('"region":"us-east-1"');
    }
  });

  it('draws the budget on the bill', () => {
    const annotated = dashboard.widgets.flatMap(({ properties }) => {
      const annotations = properties['annotations'] as
        { readonly horizontal: readonly { readonly value: number }[] } | undefined;
      return (annotations?.horizontal ?? []).map(({ value }) => [
        properties.title?.split(' ')[0],
        value,
      ]);
    });
    expect(annotated).toEqual([
      ['Size', 50_000_000_000],
      ['Storage', 5],
      ['ECR', 5],
    ]);
  });

  it('has no row of builds without a build project', () => {
    const titles = dashboardOf(synthesize()).widgets.map(({ properties }) => properties.title);
    expect(titles).not.toContain('Builds a day');
  });

  it('does not grow with a hundred services', () => {
    const repositoryNames = Array.from({ length: 100 }, (_, nth) => `typerush/service-${nth}`);
    const size = (of: Template) => JSON.stringify(of.toJSON(), null, 1).length;
    expect(size(synthesize({ repositoryNames }))).toBe(size(synthesize()));
    expect(size(template)).toBeLessThan(40_000);
  });

  it('gives cdk-nag nothing to find', () => {
    expect(findings(add)).toEqual([]);
  });
});

describe('the alarms', () => {
  const template = synthesize();
  const alarm = (name: string) => ({ AlarmName: `typerush-dev-registry-monitoring-${name}` });
  const ownMetric = (MetricName: string) => ({
    Namespace: 'Registry/typerush-dev',
    MetricName,
    Dimensions: [{ Name: 'Registry', Value: 'typerush-dev' }],
  });

  it('watch no metric that nothing emits', async () => {
    const emitted = [...metricsOfFilters(template), ...(await emittedByFunction(template))];
    const watched = metricsOfAlarms(template);
    expect(watched).toHaveLength(9);
    expect(watched.filter((metric) => !emitted.includes(metric) && !isMetricOfAws(metric))).toEqual(
      [],
    );
  });

  it('notify the topic, each with a remedy', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ 'Fn::Join': ['', Match.arrayWith([':alerts'])] }],
      AlarmDescription: Match.stringLikeRegexp('.{60}'),
      ActionsEnabled: Match.absent(),
    });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 9);
  });

  it('are raised by one critical finding', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarm('findings'),
      ...ownMetric('CriticalFindings'),
      Statistic: 'Maximum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  it('are raised by a newest image that two measurements in a row found unscanned', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarm('unscanned'),
      ...ownMetric('Unscanned'),
      Statistic: 'Maximum',
      Threshold: 1,
      EvaluationPeriods: 2,
      TreatMissingData: 'notBreaching',
    });
  });

  it('also count high findings if the threshold is lower', () => {
    synthesize({ limits: { findings: 'HIGH' } }).hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarm('findings'),
      Threshold: 1,
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'critical + high' })]),
    });
  });

  it.each([
    [undefined, 50e9, 2e9, 100],
    [{ sizeGb: 20, growthGb: 1, tagsPushedPerHour: 30 }, 20e9, 1e9, 30],
  ])('are raised by too much of something (%j)', (limits, size, growth, pushes) => {
    const limited = synthesize({ limits });
    limited.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarm('size'),
      ...ownMetric('RegistrySize'),
      Threshold: size,
    });
    limited.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarm('growth'),
      Threshold: growth,
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'DIFF(size)' })]),
    });
    limited.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarm('push-burst'),
      Namespace: 'Registry/typerush-dev',
      MetricName: 'RegistryTagsPushed',
      Period: 3600,
      Statistic: 'Sum',
      Threshold: pushes,
    });
  });

  it('are raised by a measurement that fails, is partial, or does not happen', () => {
    const [lambda] = Object.keys(template.findResources('AWS::Lambda::Function'));
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarm('measurement-failed'),
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: lambda } }],
      Threshold: 1,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarm('measurement-partial'),
      ...ownMetric('Unmeasured'),
      Threshold: 1,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...alarm('measurement-stopped'),
      ...ownMetric('RegistrySize'),
      Statistic: 'SampleCount',
      Period: 86_400,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('are raised by a push that could not be logged', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', alarm('pushes-unlogged'));
  });
});
