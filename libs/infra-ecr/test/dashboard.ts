import { type Template } from 'aws-cdk-lib/assertions';

export interface Widget {
  readonly type: 'text' | 'alarm' | 'metric' | 'log';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly title?: string;
    readonly region?: string;
    readonly metrics?: readonly unknown[][];
  };
}

export interface Dashboard {
  readonly start?: string;
  readonly widgets: readonly Widget[];
}

/** The only dashboard of a template, as CloudWatch reads it; what CloudFormation fills in becomes its name. */
export function dashboardOf(template: Template): Dashboard {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = dashboard?.['Properties'].DashboardBody as { 'Fn::Join': [string, unknown[]] };
  const [, parts] = body['Fn::Join'];
  return JSON.parse(
    parts
      .map((part) =>
        typeof part === 'string' ? part : JSON.stringify(part).replace(/[^\w:]/g, ''),
      )
      .join(''),
  );
}

/** A metric as `namespace name {dimension}`, the dimensions by their names. */
export type MetricName = string;

const named = (namespace: string, name: string, dimensions: readonly string[]): MetricName =>
  `${namespace} ${name} {${dimensions.join(',')}}`;

/** Every metric that a dashboard queries, by name or by a search. */
export function metricsOnDashboard({ widgets }: Dashboard): MetricName[] {
  return widgets.flatMap(({ properties }) =>
    (properties.metrics ?? []).flatMap((row) => {
      const [namespace, name, ...rest] = row;
      if (typeof namespace === 'string' && typeof name === 'string') {
        const dimensions = rest.filter((each) => typeof each === 'string');
        return [
          named(
            namespace,
            name,
            dimensions.filter((_, index) => index % 2 === 0),
          ),
        ];
      }
      const { expression = '' } = namespace as { expression?: string };
      return searched(expression);
    }),
  );
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
function searched(expression: string): MetricName[] {
  const match =
    /^SEARCH\('\{("?)([^",]+)\1,([\w,]+)\} MetricName="(\w+)"', '(?:Sum|Maximum)', \d+\)$/.exec(
      expression,
    );
  if (match) {
    const [, , namespace = '', dimensions = '', name = ''] = match;
    return [named(namespace, name, dimensions.split(','))];
  }
  if (expression.includes('SEARCH')) throw new Error(`no search that can be read: ${expression}`);
  return [];
}

/** Every metric that an alarm of a template watches. */
export function metricsOfAlarms(template: Template): MetricName[] {
  interface Metric {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions?: readonly { readonly Name: string }[];
  }
  return Object.values(template.findResources('AWS::CloudWatch::Alarm')).flatMap(
    ({ Properties }) => {
      const { Metrics = [] } = Properties as { Metrics?: { MetricStat?: { Metric: Metric } }[] };
      const metrics: Metric[] = Properties.MetricName
        ? [Properties]
        : Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
      return metrics.map(({ Namespace, MetricName, Dimensions = [] }) =>
        named(
          Namespace,
          MetricName,
          Dimensions.map(({ Name }) => Name),
        ),
      );
    },
  );
}

/** Every metric that the metric filters of a template make. */
export function metricsOfFilters(template: Template): MetricName[] {
  return Object.values(template.findResources('AWS::Logs::MetricFilter')).flatMap(
    ({ Properties }) =>
      Properties.MetricTransformations.map(
        (each: {
          MetricNamespace: string;
          MetricName: string;
          Dimensions?: readonly { readonly Key: string }[];
        }) =>
          named(
            each.MetricNamespace,
            each.MetricName,
            (each.Dimensions ?? []).map(({ Key }) => Key),
          ),
      ),
  );
}
