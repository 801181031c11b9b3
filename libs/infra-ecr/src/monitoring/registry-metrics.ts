import { type Duration } from 'aws-cdk-lib/core';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** What is measured of each repository, and under which name. */
export type RepositoryMetric =
  | 'RepositorySize'
  | 'ImageCount'
  | 'CriticalFindings'
  | 'HighFindings'
  | 'OtherFindings'
  | 'Unscanned'
  | 'TagsPushed';

/** What is measured of all repositories together. */
export type RegistryMetric =
  | 'RegistrySize'
  | 'CriticalFindings'
  | 'HighFindings'
  | 'EndangeredImages'
  | 'Unmeasured'
  | 'Unscanned'
  | 'RegistryTagsPushed';

/** The names of the metrics of one registry, shared by the code that emits and the code that displays them. */
export class RegistryMetrics {
  readonly namespace: string;

  /** @param registry Names the registry, such as `typerush-dev`. */
  constructor(readonly registry: string) {
    this.namespace = `Registry/${registry}`;
  }

  /** One line for each repository that has the metric, those of tomorrow included. */
  eachRepository(
    metric: RepositoryMetric,
    { statistic, period }: { statistic: 'Sum' | 'Maximum'; period: Duration },
  ): cloudwatch.MathExpression {
    return search(`{"${this.namespace}",Repository} MetricName="${metric}"`, statistic, period);
  }

  /** One number for the whole registry. */
  total(
    metric: RegistryMetric,
    { statistic, period }: { statistic: 'Sum' | 'Maximum' | 'SampleCount'; period: Duration },
  ): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: this.namespace,
      metricName: metric,
      // A metric filter can use only fields of the event as dimensions.
      ...(metric !== 'RegistryTagsPushed' && { dimensionsMap: { Registry: this.registry } }),
      statistic,
      period,
    });
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
export function search(
  what: string,
  statistic: string,
  period: Duration,
): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `SEARCH('${what}', '${statistic}', ${period.toSeconds()})`,
    usingMetrics: {},
    label: '',
    period,
  });
}
