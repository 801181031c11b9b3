import { Duration } from 'aws-cdk-lib/core';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type PushLog } from './push-log';
import { type RegistryMetrics, search } from './registry-metrics';

export interface RegistryDashboardProps {
  readonly dashboardName: string;
  /** What the dashboard is headed with, such as `typerush (dev)`. */
  readonly title: string;
  readonly metrics: RegistryMetrics;
  readonly pushLog: PushLog;
  /** How often repositories are measured. */
  readonly interval: Duration;
  readonly alarms: readonly cloudwatch.IAlarm[];
  /**
   * The CodeBuild project that pushes.
   *
   * @default - no row of builds
   */
  readonly buildProjectName?: string;
  /** What a month may cost, in USD, and what the size may be, in gigabytes. */
  readonly budget: { readonly usd: number; readonly sizeGb: number };
}

const day = Duration.days(1);
const width = 24;
const gigabyte = 1e9;
/** https://aws.amazon.com/ecr/pricing/ */
const usdPerGigabyte = 0.1;

/**
 * A registry at a glance, one question a row. Metrics of repositories are searched for, so that a service that is added
 * later appears by itself, and a hundred of them need no larger dashboard.
 */
export class RegistryDashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: RegistryDashboardProps,
  ) {
    super(scope, id);
    new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: props.dashboardName,
      defaultInterval: Duration.days(30),
      widgets: [
        this.header(),
        this.pushes(),
        this.sizes(),
        this.findings(),
        this.pulls(),
        this.cost(),
        ...(props.buildProjectName ? [this.builds(props.buildProjectName)] : []),
      ],
    });
  }

  private header(): cloudwatch.IWidget[] {
    const { title, alarms, interval } = this.props;
    return [
      new cloudwatch.TextWidget({
        width: 8,
        height: 4,
        markdown: [
          `# ${title}`,
          `Sizes, images and findings are measured every ${interval.toHours()} hours; pushes and pulls are counted as they come. ` +
            'Layers that images share are counted once for each, and billed once: `nx cost infra` shows the difference.',
        ].join('\n\n'),
      }),
      new cloudwatch.AlarmStatusWidget({
        title: 'Alarms',
        width: 16,
        height: 4,
        alarms: [...alarms],
      }),
    ];
  }

  private pushes(): cloudwatch.IWidget[] {
    const { metrics, pushLog } = this.props;
    return [
      graph('Tags pushed a day', {
        left: [metrics.eachRepository('TagsPushed', { statistic: 'Sum', period: day })],
        stacked: true,
      }),
      new cloudwatch.LogQueryWidget({
        title: 'Last pushes',
        width: width / 2,
        height: 6,
        logGroupNames: [pushLog.logGroup.logGroupName],
        queryLines: [
          'fields @timestamp, `detail.repository-name` as repository, `detail.image-tag` as tag, `detail.image-digest` as digest',
          'sort @timestamp desc',
          'limit 50',
        ],
      }),
    ];
  }

  private sizes(): cloudwatch.IWidget[] {
    const { metrics, interval, budget } = this.props;
    const latest = { statistic: 'Maximum', period: interval } as const;
    return [
      graph('Size of each repository (bytes)', {
        left: [metrics.eachRepository('RepositorySize', latest)],
        stacked: true,
        leftAnnotations: [{ value: budget.sizeGb * gigabyte, label: 'Budget', color: red }],
      }),
      graph('Images in each repository', { left: [metrics.eachRepository('ImageCount', latest)] }),
    ];
  }

  private findings(): cloudwatch.IWidget[] {
    const { metrics, interval } = this.props;
    const latest = { statistic: 'Maximum', period: interval } as const;
    return (
      [
        ['Critical findings in the newest image', 'CriticalFindings'],
        ['High findings in the newest image', 'HighFindings'],
        ['Other findings in the newest image', 'OtherFindings'],
        ['Repositories whose newest image is unscanned', 'Unscanned'],
      ] as const
    ).map(([title, metric]) =>
      graph(title, { left: [metrics.eachRepository(metric, latest)], width: width / 4 }),
    );
  }

  private pulls(): cloudwatch.IWidget[] {
    const each = search('{AWS/ECR,RepositoryName} MetricName="RepositoryPullCount"', 'Sum', day);
    return [
      graph('Pulls a day, of every repository in this account and region', {
        left: [each],
        stacked: true,
        width,
      }),
    ];
  }

  private cost(): cloudwatch.IWidget[] {
    const { metrics, interval, budget } = this.props;
    const size = metrics.total('RegistrySize', { statistic: 'Maximum', period: interval });
    return [
      graph('Storage of this registry in USD a month, at most', {
        left: [
          new cloudwatch.MathExpression({
            expression: `size / ${gigabyte} * ${usdPerGigabyte}`,
            usingMetrics: { size },
            label: 'USD a month',
            period: interval,
          }),
        ],
        leftAnnotations: [{ value: budget.usd, label: 'Budget', color: red }],
      }),
      graph('ECR on this month’s bill so far, in USD (if billing alerts are enabled)', {
        left: [
          new cloudwatch.Metric({
            namespace: 'AWS/Billing',
            metricName: 'EstimatedCharges',
            dimensionsMap: { Currency: 'USD', ServiceName: 'AmazonECR' },
            // Billing metrics exist in one region only. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
            region: 'us-east-1',
            statistic: cloudwatch.Stats.MAXIMUM,
            period: Duration.hours(6),
            label: 'USD',
          }),
        ],
        leftAnnotations: [{ value: budget.usd, label: 'Budget', color: red }],
      }),
    ];
  }

  private builds(ProjectName: string): cloudwatch.IWidget[] {
    const of = (metricName: string, statistic: string) =>
      new cloudwatch.Metric({
        namespace: 'AWS/CodeBuild',
        metricName,
        dimensionsMap: { ProjectName },
        statistic,
        period: day,
      });
    return [
      graph('Builds a day', {
        left: [
          of('SucceededBuilds', cloudwatch.Stats.SUM),
          of('FailedBuilds', cloudwatch.Stats.SUM),
        ],
        stacked: true,
      }),
      graph('Seconds a build takes', { left: [of('Duration', cloudwatch.Stats.AVERAGE)] }),
    ];
  }
}

const red = cloudwatch.Color.RED;

function graph(title: string, props: cloudwatch.GraphWidgetProps): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({
    title,
    width: width / 2,
    height: 6,
    leftYAxis: { min: 0, showUnits: false },
    ...props,
  });
}
