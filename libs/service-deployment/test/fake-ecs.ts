import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { AwsApiModel, awsError } from '@typerush/image-registry/testing';
import { type FakeTask, type TaskRunner } from './task-runner';

type Json = Readonly<Record<string, unknown>>;

export interface Revision {
  readonly arn: string;
  readonly content: Json;
  status: 'ACTIVE' | 'INACTIVE';
}

interface FakeDeployment {
  readonly id: string;
  readonly taskDefinition: string;
  status: 'PRIMARY' | 'ACTIVE';
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  failedTasks: number;
  task?: FakeTask;
}

const arn = (resource: string) => `arn:aws:ecs:ap-southeast-1:123456789012:${resource}`;
/** The circuit breaker ends a deployment after so many failed tasks: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html */
const failedTasksOfBreaker = 3;

/**
 * Amazon ECS with one service, over HTTP: the operations that a deployment calls. Every request, answer and error is checked
 * against the API model of AWS. Its tasks run where `runner` runs them, and it goes on with each DescribeServices.
 */
export class FakeEcs {
  /** The operations that were called, in order. */
  readonly calls: string[] = [];
  /** Operations that are refused, by the name of the error. */
  readonly refusals = new Map<string, string>();
  readonly revisions: Revision[] = [];
  private readonly faults: unknown[] = [];
  private deployments: FakeDeployment[] = [];
  private readonly events: { id: string; createdAt: Date; message: string }[] = [];
  private readonly server: Server;

  private constructor(
    private readonly name: { readonly cluster: string; readonly service: string },
    private readonly runner: TaskRunner,
  ) {
    this.server = createServer((request, response) => {
      void this.respond(request).then(({ status, headers, body }) => {
        response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(body);
      });
    });
  }

  static async start(
    name: { readonly cluster: string; readonly service: string },
    runner: TaskRunner,
  ): Promise<FakeEcs> {
    const fake = new FakeEcs(name, runner);
    await once(fake.server.listen(0, '127.0.0.1'), 'listening');
    return fake;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get target() {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return { endpoint: this.endpoint, region: 'ap-southeast-1', credentials };
  }

  /** The image that the tasks of the current deployment run. */
  get runningImage(): unknown {
    return imageOf(this.revision(this.primary?.taskDefinition));
  }

  /** As CloudFormation does: registers a revision. */
  declare(content: Json): Revision {
    const { family } = content;
    const revision: Revision = {
      arn: arn(`task-definition/${String(family)}:${this.revisions.length + 1}`),
      content,
      status: 'ACTIVE',
    };
    this.revisions.push(revision);
    return revision;
  }

  /** As CloudFormation does: creates the service, and waits until its tasks are healthy if `healthy`. */
  async createService({ arn: of }: Revision, { healthy = true } = {}): Promise<void> {
    this.deploy(of);
    if (healthy) while (this.primary?.rolloutState === 'IN_PROGRESS') await this.goOn();
  }

  async stop(): Promise<void> {
    for (const { task } of this.deployments) await task?.stop();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    if (this.faults.length > 0) throw this.faults[0];
  }

  private get primary(): FakeDeployment | undefined {
    return this.deployments.find(({ status }) => status === 'PRIMARY');
  }

  private revision(name: string | undefined): Revision {
    const active = this.revisions.filter(({ status }) => status === 'ACTIVE');
    const found =
      this.revisions.find((each) => each.arn === name) ??
      active.filter(({ content }) => content['family'] === name).at(-1);
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
    if (!found) throw awsError('ClientException', 'Unable to describe task definition.');
    return found;
  }

  private async respond(request: IncomingMessage) {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    this.calls.push(operation);
    try {
      const input = JSON.parse(body) as Json;
      AwsApiModel.ecs.assertInput(operation, input);
      const refusal = this.refusals.get(operation);
      if (refusal) throw awsError(refusal, 'refused by the test');
      const output = AwsApiModel.ecs.output(operation, await this.answer(operation, input));
      return { status: 200, headers: {}, body: JSON.stringify(epochSeconds(output)) };
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'Error' || name === 'TypeError') this.faults.push(error);
      else AwsApiModel.ecs.assertError(operation, error);
      const headers = { 'x-amzn-errortype': name };
      return { status: 400, headers, body: JSON.stringify({ __type: name, message }) };
    }
  }

  private async answer(operation: string, input: Json): Promise<object> {
    switch (operation) {
      case 'DescribeServices':
        await this.goOn();
        return this.describeService(input);
      case 'DescribeTaskDefinition':
        return { taskDefinition: describe(this.revision(String(input['taskDefinition']))) };
      case 'RegisterTaskDefinition':
        return { taskDefinition: describe(this.declare(input)) };
      case 'UpdateService':
        return this.updateService(input);
      case 'DeregisterTaskDefinition': {
        const revision = this.revision(String(input['taskDefinition']));
        revision.status = 'INACTIVE';
        return { taskDefinition: describe(revision) };
      }
      default:
        throw new Error(`${operation} is not expected`);
    }
  }

  private updateService({ cluster, service, taskDefinition }: Json): object {
    if (cluster !== this.name.cluster)
      throw awsError('ClusterNotFoundException', 'Cluster not found.');
    if (service !== this.name.service || !this.primary) {
      throw awsError('ServiceNotFoundException', 'Service not found.');
    }
    const revision = this.revision(String(taskDefinition));
    if (revision.status === 'INACTIVE') {
      throw awsError('ClientException', 'TaskDefinition is inactive');
    }
    this.deploy(revision.arn);
    return { service: this.describe() };
  }

  private deploy(taskDefinition: string, reason?: string): void {
    for (const each of this.deployments) each.status = 'ACTIVE';
    const id = `ecs-svc/${this.events.length + 1}`;
    this.deployments.unshift({
      id,
      taskDefinition,
      status: 'PRIMARY',
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: reason ?? `ECS deployment ${id} in progress.`,
      failedTasks: 0,
    });
    this.event(`(deployment ${id}) started.`);
  }

  /** One look at the task of the current deployment, as the scheduler of ECS does it again and again. */
  private async goOn(): Promise<void> {
    const { primary } = this;
    if (primary?.rolloutState !== 'IN_PROGRESS') return;
    const { content } = this.revision(primary.taskDefinition);
    primary.task ??= await this.runner.start(content);
    const state = await primary.task.state();
    if (state === 'healthy') await this.complete(primary);
    if (state !== 'stopped') return;
    await primary.task.stop();
    primary.task = undefined;
    primary.failedTasks++;
    this.event(`(task ${primary.failedTasks}) failed container health checks or exited.`);
    if (primary.failedTasks >= failedTasksOfBreaker) this.breakCircuit(primary);
  }

  private async complete(primary: FakeDeployment): Promise<void> {
    primary.rolloutState = 'COMPLETED';
    primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
    this.event('has reached a steady state.');
    for (const { task } of this.deployments.filter((each) => each !== primary)) await task?.stop();
    this.deployments = [primary];
  }

  private breakCircuit(primary: FakeDeployment): void {
    primary.rolloutState = 'FAILED';
    primary.rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.';
    this.event(`(deployment ${primary.id}) deployment failed: tasks failed to start.`);
    const former = this.deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED');
    if (!former) return;
    this.deploy(
      former.taskDefinition,
      `ECS deployment circuit breaker: rolling back to deploymentId ${former.id}.`,
    );
  }

  private event(message: string): void {
    const id = `event-${this.events.length + 1}`;
    const text = `(service ${this.name.service}) ${message}`;
    this.events.unshift({ id, createdAt: new Date(0), message: text });
  }

  private describeService({ cluster, services }: Json): object {
    if (cluster !== this.name.cluster)
      throw awsError('ClusterNotFoundException', 'Cluster not found.');
    const asked = (services as string[])[0];
    if (asked === this.name.service && this.primary) return { services: [this.describe()] };
    return { services: [], failures: [{ arn: arn(`service/${asked}`), reason: 'MISSING' }] };
  }

  private describe(): object {
    return {
      serviceName: this.name.service,
      status: 'ACTIVE',
      taskDefinition: this.primary?.taskDefinition,
      deployments: this.deployments.map(({ task: _task, ...deployment }) => deployment),
      events: this.events,
    };
  }
}

/** As ECS returns a task definition, with what it adds. */
const describe = ({ arn: taskDefinitionArn, content, status }: Revision) => {
  return {
    ...Object.fromEntries(Object.entries(content).filter(([name]) => name !== 'tags')),
    taskDefinitionArn,
    status,
    revision: Number(taskDefinitionArn.split(':').at(-1)),
    requiresAttributes: [{ name: 'ecs.capability.execution-role-awslogs' }],
    compatibilities: ['EC2', 'FARGATE'],
    registeredAt: new Date(0),
    registeredBy: 'arn:aws:iam::123456789012:role/deploy',
  };
};

/** How the JSON protocols of AWS send a timestamp. */
function epochSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(epochSeconds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, epochSeconds(each)]));
}

const imageOf = ({ content }: Revision) =>
  (content['containerDefinitions'] as { image: string }[])[0]?.image;
