import {
  AlertTopic,
  CommitTrigger,
  FailedBuildsAlarm,
  ImageBuild,
  LastCommit,
  RegistryAccess,
  type RegistryAccessProps,
} from '@typerush/infra-ecr';
import { type Environment } from '@typerush/image-registry';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type DeliverySettings } from '../environments';
import { type RegistryContext } from '../registry-context';
import { accessProps } from './access-stack';
import { alertTopicName } from './alert-stack';

export interface DeliveryStackProps extends StackProps {
  readonly projectName: string;
  readonly parameterName: string;
  readonly environment: Environment;
  readonly access: RegistryAccessProps;
  readonly topicName: string;
  readonly settings: DeliverySettings;
}

/** The way of a commit to the images that it changes: the commit that was delivered last, and a build project if set. */
export class DeliveryStack extends Stack {
  constructor(scope: Construct, id: string, props: DeliveryStackProps) {
    super(scope, id, props);
    const { projectName, parameterName, environment } = props;
    const { pushRole, githubRole } = RegistryAccess.fromRoleNames(this, 'Access', props.access);
    const lastCommit = new LastCommit(this, 'LastCommit', { parameterName });
    if (githubRole) lastCommit.grantAccess('Github', githubRole);
    new CfnOutput(this, 'LastCommitParameter', { value: parameterName });
    const { build: settings } = props.settings;
    if (!settings) return;
    const topic = AlertTopic.fromTopicName(this, props.topicName);
    const build = new ImageBuild(this, 'Build', {
      ...settings,
      projectName,
      environment,
      pushRole,
      lastCommit,
      movingTags: props.settings.pipeline ? 'release' : 'push',
    });
    new FailedBuildsAlarm(this, 'FailedBuilds', {
      alarmName: `${projectName}-failed`,
      build,
      topic,
    });
    if (settings.source.type === 'codecommit') {
      const { projectArn } = build.project;
      new CommitTrigger(this, 'Trigger', {
        ...settings.source,
        name: projectName,
        projectArn,
        topic,
      });
    }
    new CfnOutput(this, 'ProjectName', { value: build.project.projectName });
  }
}

/** None unless `delivery` is set. */
export function addDeliveryStack(
  scope: Construct,
  context: RegistryContext,
): DeliveryStack | undefined {
  const { names, environment, settings } = context;
  if (!settings.delivery) return undefined;
  return new DeliveryStack(scope, names.supportingStack('delivery'), {
    description: `How the images of ${names.project} get here (${environment})`,
    projectName: buildProjectName(context),
    parameterName: lastCommitParameter(context),
    environment,
    access: accessProps(context),
    topicName: alertTopicName(context),
    settings: settings.delivery,
  });
}

export function lastCommitParameter({ names }: RegistryContext): string {
  return `${names.parameterPath}/last-commit`;
}

export function buildProjectName({ names }: RegistryContext): string {
  return names.supportingStack('delivery');
}
