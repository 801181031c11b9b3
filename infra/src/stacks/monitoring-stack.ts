import {
  AlertTopic,
  ImagesInUse,
  PushLog,
  RegistryAlarms,
  RegistryDashboard,
  RegistryMetrics,
  RepositoryMeasurement,
} from '@typerush/infra-ecr';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type EnvironmentSettings } from '../environments';
import { type RegistryContext } from '../registry-context';
import { alertTopicName } from './alert-stack';
import { buildProjectName } from './delivery-stack';

export interface MonitoringStackProps extends StackProps {
  /** Names the metrics, and heads the dashboard, such as `typerush-dev`. */
  readonly registry: string;
  readonly topicName: string;
  readonly repositoryNames: readonly string[];
  /** @default - no row of builds on the dashboard */
  readonly buildProjectName?: string;
  readonly settings: Pick<
    EnvironmentSettings,
    'scanning' | 'monitoring' | 'cost' | 'lambdaFunctions'
  >;
}

/** https://aws.amazon.com/ecr/pricing/ */
const gigabytesPerUsd = 10;

/** Measurements of the registry, its pushes and deletions, and alarms on their limits. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, props: MonitoringStackProps) {
    super(scope, id, props);
    const { repositoryNames, settings } = props;
    const metrics = new RegistryMetrics(props.registry);
    const measured = { name: this.stackName, repositoryNames, metrics };
    const usd = settings.cost?.monthlyUsd ?? 5;
    const sizeGb = settings.monitoring?.limits?.sizeGb ?? usd * gigabytesPerUsd;

    const pushLog = new PushLog(this, 'Pushes', measured);
    const measurement = new RepositoryMeasurement(this, 'Measurement', {
      ...measured,
      enhancedScanning: settings.scanning?.enhanced,
    });
    const imagesInUse =
      settings.monitoring?.imagesInUse === false
        ? undefined
        : new ImagesInUse(this, 'ImagesInUse', {
            ...measured,
            lambdaFunctions: Object.values(settings.lambdaFunctions ?? {}),
          });
    const { alarms } = new RegistryAlarms(this, 'Alarms', {
      name: this.stackName,
      topic: AlertTopic.fromTopicName(this, props.topicName),
      metrics,
      measurement,
      pushLog,
      imagesInUse,
      limits: {
        ...settings.monitoring?.limits,
        sizeGb,
        // Findings below HIGH are not measured one by one.
        findings: (settings.scanning?.threshold ?? 'CRITICAL') === 'CRITICAL' ? 'CRITICAL' : 'HIGH',
      },
    });
    new RegistryDashboard(this, 'Dashboard', {
      // Dashboards are of the account, and not of a region.
      dashboardName: `${this.stackName}-${this.region}`,
      title: props.registry,
      metrics,
      pushLog,
      alarms,
      interval: measurement.interval,
      buildProjectName: props.buildProjectName,
      budget: { usd, sizeGb },
    });
  }
}

/** None unless `monitoring` is set. */
export function addMonitoringStack(
  scope: Construct,
  context: RegistryContext,
): MonitoringStack | undefined {
  const { names, environment, settings, repositories } = context;
  if (!settings.monitoring) return undefined;
  return new MonitoringStack(scope, names.supportingStack('monitoring'), {
    description: `What goes on in the registry of ${names.project} (${environment})`,
    registry: `${names.project}-${environment}`,
    topicName: alertTopicName(context),
    repositoryNames: repositories.map(({ repositoryName }) => repositoryName),
    buildProjectName: settings.delivery?.build && buildProjectName(context),
    settings,
  });
}
