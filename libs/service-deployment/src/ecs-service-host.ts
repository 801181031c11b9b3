import {
  DeregisterTaskDefinitionCommand,
  type Deployment,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Service,
  type TaskDefinition as EcsTaskDefinition,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { type EcrTarget } from '@typerush/ecr-access';
import { taskFamily } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import {
  type Rollout,
  type ServiceHost,
  type ServiceState,
  type TaskDefinition,
  type TaskDefinitionContent,
} from './service-host';

export interface EcsServiceName {
  readonly cluster: string;
  readonly service: string;
}

/** The actions that a deployment needs; `iam:PassRole` is for the execution role in the task definition. */
export const deploymentActions = [
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:RegisterTaskDefinition',
  'ecs:UpdateService',
  'ecs:DeregisterTaskDefinition',
  'iam:PassRole',
] as const;

/** ECS throttles; the SDK waits between its attempts. */
const maxAttempts = 8;

/** A service of Amazon ECS, or of a server with its API at the endpoint of the target. */
export class EcsServiceHost implements ServiceHost {
  private readonly ecs: ECSClient;

  constructor(
    target: EcrTarget,
    private readonly name: EcsServiceName,
  ) {
    this.ecs = new ECSClient({ ...target, maxAttempts });
  }

  async state(): Promise<ServiceState | undefined> {
    const { cluster, service } = this.name;
    const found = await this.call('DescribeServices', async () => {
      const command = new DescribeServicesCommand({ cluster, services: [service] });
      return (await this.ecs.send(command)).services?.[0];
    });
    // A deleted service stays visible for a while.
    return found?.status === 'ACTIVE' ? stateOf(found) : undefined;
  }

  latestDefinition(): Promise<TaskDefinition> {
    return this.definition(taskFamily(this.name.cluster, this.name.service));
  }

  definition(arn: string): Promise<TaskDefinition> {
    return this.call('DescribeTaskDefinition', async () => {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] });
      const { taskDefinition = {}, tags } = await this.ecs.send(command);
      return definitionOf(taskDefinition, tags);
    });
  }

  register(content: TaskDefinitionContent): Promise<TaskDefinition> {
    return this.call('RegisterTaskDefinition', async () => {
      const command = new RegisterTaskDefinitionCommand(
        content as unknown as RegisterTaskDefinitionCommandInput,
      );
      const { taskDefinition = {}, tags } = await this.ecs.send(command);
      return definitionOf(taskDefinition, tags);
    });
  }

  async rollOut(taskDefinition: string): Promise<void> {
    const { cluster, service } = this.name;
    const command = new UpdateServiceCommand({ cluster, service, taskDefinition });
    await this.call('UpdateService', () => this.ecs.send(command));
  }

  async retire(taskDefinition: string): Promise<void> {
    const command = new DeregisterTaskDefinitionCommand({ taskDefinition });
    await this.call('DeregisterTaskDefinition', () => this.ecs.send(command));
  }

  private async call<T>(operation: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw explain(error, operation, this.name);
    }
  }
}

function stateOf({ deployments = [], events = [] }: Service): ServiceState {
  const primary = deployments.find(({ status }) => status === 'PRIMARY') ?? {};
  const healthy = deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED');
  return {
    primary: rolloutOf(primary),
    healthyDefinitionArn: healthy?.taskDefinition,
    events: events.map(({ id = '', message = '' }) => ({ id, message })),
  };
}

const rolloutOf = ({
  taskDefinition = '',
  rolloutState = 'IN_PROGRESS',
  rolloutStateReason,
  failedTasks = 0,
}: Deployment): Rollout => ({
  definitionArn: taskDefinition,
  state: rolloutState,
  reason: rolloutStateReason?.replace(/\.$/, ''),
  failedTasks,
});

/** What ECS adds to a task definition that is registered. */
const ofTheService = new Set<string>([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
]);

function definitionOf(
  definition: EcsTaskDefinition,
  tags: RegisterTaskDefinitionCommandInput['tags'] = [],
): TaskDefinition {
  const content = Object.fromEntries(
    Object.entries(definition).filter(
      ([name, value]) => !ofTheService.has(name) && value !== undefined,
    ),
  );
  const arn = definition.taskDefinitionArn ?? '';
  // CloudFormation's own tags name the resource that they are on, and ECS refuses the prefix from others.
  const own = tags.filter(({ key }) => !key?.startsWith('aws:'));
  return {
    arn,
    content: { ...content, ...(own.length > 0 && { tags: own }) } as TaskDefinitionContent,
  };
}

function explain(error: unknown, operation: string, { cluster, service }: EcsServiceName): unknown {
  const { name, message } = error as Error;
  const fail = (code: string, problem: string, fix: string) =>
    new PipelineError(code, `${problem}\nFix: ${fix}`, { cause: error });
  const where = `${service} in the cluster ${cluster}`;
  switch (name) {
    case 'ClusterNotFoundException':
    case 'ServiceNotFoundException':
    case 'ServiceNotActiveException':
      return fail(
        'SERVICE_NOT_DEPLOYED',
        `Cannot deploy ${where}: it does not exist on Amazon ECS.`,
        'set "run" of the environment in infra/src/environments.ts, then nx run infra:deploy',
      );
    case 'AccessDeniedException':
      return fail(
        'ACCESS_DENIED',
        `The AWS credentials are not allowed to call ecs:${operation} for ${where}: ${message}`,
        `use credentials with ${deploymentActions.join(', ')}.`,
      );
    case 'ExpiredTokenException':
      return fail(
        'CREDENTIALS_EXPIRED',
        `The AWS credentials expired before ecs:${operation} for ${where}.`,
        'log in again, and deploy again: a deployment that has begun is awaited.',
      );
    default:
      return fail(
        'DEPLOYMENT_FAILED',
        `Amazon ECS returned ${name} to ${operation} for ${where}: ${message}`,
        'deploy again: a deployment that has begun is awaited.',
      );
  }
}
