import { DeliveryPipeline, type DeliveryPipelineProps } from '@typerush/infra-run';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type RegistryContext } from '../registry-context';
import { buildProjectName, lastCommitParameter } from './delivery-stack';
import { runServices } from './run-stack';

export interface PipelineStackProps extends StackProps {
  readonly pipeline: DeliveryPipelineProps;
}

/** The pipeline from a commit to running services. */
export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    super(scope, id, props);
    new DeliveryPipeline(this, 'Delivery', props.pipeline);
  }
}

/** None unless `delivery.pipeline` is set; assertSettings found the build and the services that it needs. */
export function addPipelineStack(
  scope: Construct,
  context: RegistryContext,
  run: Stack | undefined,
): PipelineStack | undefined {
  const { names, environment, settings } = context;
  const { pipeline, build } = settings.delivery ?? {};
  if (!pipeline || !build || !run) return undefined;
  if (build.source.type !== 'codepipeline' || !('connectionArn' in build.source.clone)) {
    return undefined;
  }
  const stack = new PipelineStack(scope, names.pipelineStack, {
    description: `The pipeline of ${names.project} (${environment})`,
    pipeline: {
      ...pipeline,
      pipelineName: names.pipelineStack,
      connectionArn: build.source.clone.connectionArn,
      buildProjectName: buildProjectName(context),
      artifactBucketName: build.artifactBucketName,
      encryptionKeyArn: build.encryptionKeyArn,
      environment,
      lastCommitParameter: lastCommitParameter(context),
      services: runServices(context).map(({ name }) => name),
      deployRoleName: names.deployRole,
      approval: pipeline.approval ?? environment === 'prod',
    },
  });
  // The project that deploys has a role of the stack of the services.
  stack.addStackDependency(run);
  return stack;
}
