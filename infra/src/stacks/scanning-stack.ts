import { AlertTopic, EnhancedScanning, ScanAlerts } from '@typerush/infra-ecr';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type ScanningSettings } from '../environments';
import { type RegistryContext } from '../registry-context';
import { alertTopicName } from './alert-stack';

export interface ScanningStackProps extends StackProps {
  readonly topicName: string;
  readonly repositoryNames: readonly string[];
  readonly settings: ScanningSettings;
}

/** The scanner, and alerts of its findings. */
export class ScanningStack extends Stack {
  constructor(scope: Construct, id: string, props: ScanningStackProps) {
    super(scope, id, props);
    const { repositoryNames, settings } = props;
    if (settings.enhanced) new EnhancedScanning(this, 'Enhanced', { repositoryNames });
    new ScanAlerts(this, 'Alerts', {
      name: this.stackName,
      repositoryNames,
      topic: AlertTopic.fromTopicName(this, props.topicName),
      ...settings,
    });
  }
}

/** None unless `scanning` is set. */
export function addScanningStack(
  scope: Construct,
  context: RegistryContext,
): ScanningStack | undefined {
  const { names, environment, settings, repositories } = context;
  if (!settings.scanning) return undefined;
  return new ScanningStack(scope, names.supportingStack('scanning'), {
    description: `What scans of the images of ${names.project} find (${environment})`,
    topicName: alertTopicName(context),
    repositoryNames: repositories.map(({ repositoryName }) => repositoryName),
    settings: settings.scanning,
  });
}
