import { type FindingSeverity } from '@typerush/image-registry';
import { Duration } from 'aws-cdk-lib/core';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { alarmAction, type IAlertTopic } from '../alerts/alert-topic';
import { undeliveredAlerts } from '../alerts/undelivered-alerts';
import { type ImagesInUse } from './images-in-use';
import { type PushLog } from './push-log';
import { type RegistryMetrics } from './registry-metrics';
import { type RepositoryMeasurement } from './repository-measurement';

/** What is more than it should be. */
export interface RegistryLimits {
  /**
   * The size of all repositories together, in gigabytes.
   *
   * @default 50 which costs USD 5 a month
   */
  readonly sizeGb?: number;
  /**
   * How much they may grow between two measurements, in gigabytes.
   *
   * @default 2
   */
  readonly growthGb?: number;
  /**
   * Tags pushed in an hour: more are a pipeline that runs in circles.
   *
   * @default 100
   */
  readonly tagsPushedPerHour?: number;
  /**
   * The least severity of findings that is not accepted. CRITICAL or HIGH: no more is measured.
   *
   * @default CRITICAL
   */
  readonly findings?: Extract<FindingSeverity, 'CRITICAL' | 'HIGH'>;
}

export interface RegistryAlarmsProps {
  /** What the alarms are named after. */
  readonly name: string;
  readonly topic: IAlertTopic;
  readonly metrics: RegistryMetrics;
  readonly measurement: RepositoryMeasurement;
  readonly pushLog: PushLog;
  /** @default - the images in use are not checked */
  readonly imagesInUse?: ImagesInUse;
  /** @default - see {@link RegistryLimits} */
  readonly limits?: RegistryLimits;
}

const gigabyte = 1e9;
const dropped = cloudwatch.TreatMissingData.NOT_BREACHING;

/** What needs attention. Each alarm covers the registry, not one repository: a hundred services cost no more. */
export class RegistryAlarms extends Construct {
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RegistryAlarmsProps,
  ) {
    super(scope, id);
    this.alarms = [
      this.findings(),
      this.unscanned(),
      this.size(),
      this.growth(),
      this.pushBurst(),
      ...this.measurement(),
      ...this.imagesInUse(),
      undeliveredAlerts(this, 'Undelivered', {
        alarmName: `${props.name}-pushes-unlogged`,
        rules: [props.pushLog.rule],
        period: Duration.minutes(5),
      }),
    ];
    for (const alarm of this.alarms) alarm.addAlarmAction(alarmAction(props.topic));
  }

  private findings(): cloudwatch.Alarm {
    const { metrics, limits, measurement } = this.props;
    const threshold = limits?.findings ?? 'CRITICAL';
    const all = { statistic: 'Maximum', period: measurement.interval } as const;
    const found = {
      CRITICAL: metrics.total('CriticalFindings', all),
      HIGH: metrics.total('HighFindings', all),
    };
    return this.alarm('Findings', {
      alarmDescription: `The newest image of some repository has findings of severity ${threshold} or worse. The dashboard shows which; rebuild it on a newer base, and do not deploy it before.`,
      metric:
        threshold === 'CRITICAL'
          ? found.CRITICAL
          : new cloudwatch.MathExpression({
              expression: 'critical + high',
              usingMetrics: { critical: found.CRITICAL, high: found.HIGH },
              label: `Findings from ${threshold} up`,
              period: measurement.interval,
            }),
      threshold: 1,
    });
  }

  /** Two measurements in a row: the scan of an image that was just pushed may still run. */
  private unscanned(): cloudwatch.Alarm {
    const { metrics, measurement } = this.props;
    return this.alarm('Unscanned', {
      alarmDescription:
        'The newest image of some repository has no scan result, so its findings are unknown. The dashboard shows which repository; scan the image: aws ecr start-image-scan.',
      metric: metrics.total('Unscanned', { statistic: 'Maximum', period: measurement.interval }),
      threshold: 1,
      evaluationPeriods: 2,
    });
  }

  private size(): cloudwatch.Alarm {
    const { metrics, limits, measurement } = this.props;
    return this.alarm('Size', {
      alarmDescription:
        'The repositories hold more than is budgeted. See which on the dashboard, and what their policies would expire: nx preview infra.',
      metric: metrics.total('RegistrySize', {
        statistic: 'Maximum',
        period: measurement.interval,
      }),
      threshold: (limits?.sizeGb ?? 50) * gigabyte,
    });
  }

  private growth(): cloudwatch.Alarm {
    const { metrics, limits, measurement } = this.props;
    return this.alarm('Growth', {
      alarmDescription:
        'The repositories grew suddenly. See which on the dashboard: an image may contain files that do not belong in it.',
      metric: new cloudwatch.MathExpression({
        expression: 'DIFF(size)',
        usingMetrics: {
          size: metrics.total('RegistrySize', {
            statistic: 'Maximum',
            period: measurement.interval,
          }),
        },
        label: 'Growth since the measurement before',
        period: measurement.interval,
      }),
      threshold: (limits?.growthGb ?? 2) * gigabyte,
    });
  }

  private pushBurst(): cloudwatch.Alarm {
    const { metrics, limits } = this.props;
    return this.alarm('PushBurst', {
      alarmDescription:
        'Far more is pushed than people commit. Look for a pipeline that starts itself, or a leaked key; the log of pushes shows what was pushed.',
      metric: metrics.total('RegistryTagsPushed', { statistic: 'Sum', period: Duration.hours(1) }),
      threshold: limits?.tagsPushedPerHour ?? 100,
    });
  }

  private measurement(): cloudwatch.Alarm[] {
    const { metrics, measurement } = this.props;
    const unknown = 'The other alarms and the dashboard are out of date.';
    return [
      this.alarm('MeasurementFailed', {
        alarmDescription: `The measurement of the repositories failed; see its log. ${unknown}`,
        metric: measurement.function.metricErrors({ period: measurement.interval }),
        threshold: 1,
      }),
      this.alarm('MeasurementPartial', {
        alarmDescription: `Some repository could not be measured; the log of the measurement shows which and why. ${unknown}`,
        metric: metrics.total('Unmeasured', { statistic: 'Maximum', period: measurement.interval }),
        threshold: 1,
      }),
      this.alarm('MeasurementStopped', {
        alarmDescription: `Nothing was measured for a day. See that the rule of the schedule is enabled. ${unknown}`,
        metric: metrics.total('RegistrySize', {
          statistic: 'SampleCount',
          period: Duration.days(1),
        }),
        threshold: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      }),
    ];
  }

  private imagesInUse(): cloudwatch.Alarm[] {
    const { metrics, imagesInUse } = this.props;
    if (!imagesInUse) return [];
    const period = imagesInUse.interval;
    return [
      this.alarm('ImageInUseExpires', {
        alarmDescription:
          'A lifecycle policy is about to expire an image that ECS or Lambda uses. The log of the check shows the image, its users and the rule; see also: nx preview infra --in-use. Keep more images, or deploy a newer one.',
        metric: metrics.total('EndangeredImages', { statistic: 'Maximum', period }),
        threshold: 1,
      }),
      this.alarm('ImagesInUseUnchecked', {
        alarmDescription:
          'The check of the images in use failed; see its log. An image that ECS or Lambda uses may expire without an alarm.',
        metric: imagesInUse.function.metricErrors({ period }),
        threshold: 1,
      }),
    ];
  }

  private alarm(
    id: string,
    props: Omit<cloudwatch.AlarmProps, 'evaluationPeriods'> & {
      readonly evaluationPeriods?: number;
    },
  ): cloudwatch.Alarm {
    const suffix = id.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    return new cloudwatch.Alarm(this, id, {
      alarmName: `${this.props.name}-${suffix}`,
      evaluationPeriods: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: dropped,
      ...props,
    });
  }
}
