import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { AwsApiModel, awsError } from '@typerush/image-registry/testing';

export interface FakeTaskDefinition {
  /** `family:revision` */
  readonly name: string;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly images: readonly string[];
}

export interface FakeService {
  readonly name: string;
  readonly status?: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  readonly definition: string;
  /** Task definitions of a deployment that is not complete. */
  readonly deploying?: readonly string[];
}

export interface FakeTask {
  readonly id: string;
  readonly definition: string;
  readonly image: string;
  readonly imageDigest?: string;
}

export interface FakeFunction {
  readonly name: string;
  readonly version: string;
  /** None: a function of a ZIP file. */
  readonly image?: string;
  readonly resolvedImage?: string;
}

export interface Workloads {
  readonly definitions?: readonly FakeTaskDefinition[];
  /** By cluster. */
  readonly services?: Readonly<Record<string, readonly FakeService[]>>;
  readonly tasks?: Readonly<Record<string, readonly FakeTask[]>>;
  readonly functions?: readonly FakeFunction[];
  /** Actions of IAM that are denied. */
  readonly denied?: readonly string[];
  /** How many requests of an action are throttled before one succeeds. */
  readonly throttled?: Readonly<Record<string, number>>;
  /** @default 2 */
  readonly pageSize?: number;
}

const arn = (resource: string) => `arn:aws:ecs:ap-southeast-1:123456789012:${resource}`;
const nameOf = (text: unknown) => String(text).split('/').at(-1) ?? '';

type Input = Readonly<Record<string, unknown>>;

/** The protocols of ECS and Lambda over HTTP. Every request, answer and error is checked against AWS's API models. */
export class FakeWorkloads {
  /** The actions that were called, in order. */
  readonly calls: string[] = [];
  /** What AWS could not send or receive; the client under test may hide it. */
  readonly faults: unknown[] = [];
  private readonly throttled: Map<string, number>;
  private readonly server: Server;

  private constructor(private readonly workloads: Workloads) {
    this.throttled = new Map(Object.entries(workloads.throttled ?? {}));
    this.server = createServer((request, response) => {
      void this.respond(request).then(({ status, headers, body }) => {
        response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(body);
      });
    });
  }

  static async start(workloads: Workloads): Promise<FakeWorkloads> {
    const fake = new FakeWorkloads(workloads);
    await once(fake.server.listen(0, '127.0.0.1'), 'listening');
    return fake;
  }

  get target() {
    const { port } = this.server.address() as AddressInfo;
    return {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'ap-southeast-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    if (this.faults.length > 0) throw this.faults[0];
  }

  private async respond(request: IncomingMessage) {
    const { service, operation, input } = await readRequest(request);
    const model = service === 'ecs' ? AwsApiModel.ecs : AwsApiModel.lambda;
    const action = `${service}:${operation}`;
    this.calls.push(action);
    try {
      model.assertInput(operation, input);
      const output = model.output(operation, this.answer(action, operation, input));
      return { status: 200, headers: {}, body: JSON.stringify(output) };
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'Error') this.faults.push(error);
      else this.checkError(model, operation, error);
      const status = name === 'TooManyRequestsException' ? 429 : 400;
      const headers = { 'x-amzn-errortype': name };
      return { status, headers, body: JSON.stringify({ __type: name, message }) };
    }
  }

  private checkError(model: AwsApiModel, operation: string, error: unknown): void {
    try {
      model.assertError(operation, error);
    } catch (fault) {
      this.faults.push(fault);
    }
  }

  private answer(action: string, operation: string, input: Input): object {
    const { denied = [], definitions = [], services = {}, tasks = {} } = this.workloads;
    if (denied.includes(action)) {
      throw awsError(
        'AccessDeniedException',
        `User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ${action}`,
      );
    }
    const throttles = this.throttled.get(action) ?? 0;
    if (throttles > 0) {
      this.throttled.set(action, throttles - 1);
      const name = action.startsWith('lambda:')
        ? 'TooManyRequestsException'
        : 'ThrottlingException';
      throw awsError(name, 'Rate exceeded');
    }
    const cluster = nameOf(input['cluster']);
    switch (operation) {
      case 'ListClusters': {
        const names = [...new Set([...Object.keys(services), ...Object.keys(tasks)])];
        const { items, next } = this.page(names, input['nextToken']);
        return { clusterArns: items.map((name) => arn(`cluster/${name}`)), nextToken: next };
      }
      case 'ListServices': {
        const { items, next } = this.page(services[cluster] ?? [], input['nextToken']);
        const serviceArns = items.map(({ name }) => arn(`service/${cluster}/${name}`));
        return { serviceArns, nextToken: next };
      }
      case 'DescribeServices':
        return { services: this.describeServices(cluster, input['services'] as string[]) };
      case 'ListTasks': {
        const { items, next } = this.page(tasks[cluster] ?? [], input['nextToken']);
        return { taskArns: items.map(({ id }) => arn(`task/${cluster}/${id}`)), nextToken: next };
      }
      case 'DescribeTasks':
        return { tasks: this.describeTasks(cluster, input['tasks'] as string[]) };
      case 'ListTaskDefinitions': {
        const listed = definitions.filter(({ status }) => status === input['status']);
        const { items, next } = this.page(listed, input['nextToken']);
        const taskDefinitionArns = items.map(({ name }) => arn(`task-definition/${name}`));
        return { taskDefinitionArns, nextToken: next };
      }
      case 'DescribeTaskDefinition':
        return this.describeTaskDefinition(nameOf(input['taskDefinition']));
      case 'ListFunctions':
        return this.listFunctions(input);
      default:
        return this.getFunction(input);
    }
  }

  private describeServices(cluster: string, arns: readonly string[]) {
    const { services = {} } = this.workloads;
    return arns.map((serviceArn) => {
      const found = services[cluster]?.find(({ name }) => name === nameOf(serviceArn));
      if (!found) throw new Error(`There is no service ${serviceArn}.`);
      const taskDefinition = arn(`task-definition/${found.definition}`);
      const deploying = found.deploying ?? [];
      return {
        serviceArn,
        serviceName: found.name,
        clusterArn: arn(`cluster/${cluster}`),
        status: found.status ?? 'ACTIVE',
        taskDefinition,
        deployments: [found.definition, ...deploying].map((name) => ({
          taskDefinition: arn(`task-definition/${name}`),
        })),
      };
    });
  }

  private describeTasks(cluster: string, arns: readonly string[]) {
    const { tasks = {} } = this.workloads;
    return arns.map((taskArn) => {
      const found = tasks[cluster]?.find(({ id }) => id === nameOf(taskArn));
      if (!found) throw new Error(`There is no task ${taskArn}.`);
      const { image, imageDigest, definition } = found;
      return {
        taskArn,
        clusterArn: arn(`cluster/${cluster}`),
        taskDefinitionArn: arn(`task-definition/${definition}`),
        containers: [{ name: 'main', image, ...(imageDigest && { imageDigest }) }],
      };
    });
  }

  private describeTaskDefinition(name: string) {
    const found = this.workloads.definitions?.find((each) => each.name === name);
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
    if (!found) throw awsError('ClientException', 'Unable to describe task definition.');
    const containerDefinitions = found.images.map((image, nth) => ({ name: `c${nth}`, image }));
    const taskDefinitionArn = arn(`task-definition/${name}`);
    return { taskDefinition: { taskDefinitionArn, status: found.status, containerDefinitions } };
  }

  private listFunctions({ Marker, FunctionVersion }: Input) {
    const { functions = [] } = this.workloads;
    const listed = functions.filter(
      ({ version }) => FunctionVersion === 'ALL' || version === '$LATEST',
    );
    const { items, next } = this.page(listed, Marker);
    return {
      Functions: items.map(({ name, version, image }) => ({
        FunctionName: name,
        Version: version,
        PackageType: image ? 'Image' : 'Zip',
      })),
      NextMarker: next,
    };
  }

  private getFunction({ FunctionName, Qualifier }: Input) {
    const found = this.workloads.functions?.find(
      ({ name, version }) => name === FunctionName && version === Qualifier,
    );
    if (!found) throw awsError('ResourceNotFoundException', 'Function not found');
    return {
      Configuration: { FunctionName: found.name, Version: found.version, PackageType: 'Image' },
      Code: {
        RepositoryType: 'ECR',
        ImageUri: found.image,
        ResolvedImageUri: found.resolvedImage,
      },
    };
  }

  private page<T>(all: readonly T[], token: unknown) {
    const { pageSize = 2 } = this.workloads;
    const from = Number(token ?? 0);
    const to = from + pageSize;
    return { items: all.slice(from, to), next: to < all.length ? String(to) : undefined };
  }
}

/** ECS: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html, Lambda: REST with JSON. */
async function readRequest(request: IncomingMessage) {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const operation = target.replace(/^AmazonEC2ContainerServiceV20141113\./, '');
    return { service: 'ecs', operation, input: JSON.parse(body) as Input } as const;
  }
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://lambda');
  const name = /^\/2015-03-31\/functions\/([^/]*)$/.exec(pathname)?.[1] ?? '';
  const query = Object.fromEntries(searchParams);
  const { MaxItems, ...others } = query;
  const input = { ...others, ...(MaxItems && { MaxItems: Number(MaxItems) }) };
  return name === ''
    ? ({ service: 'lambda', operation: 'ListFunctions', input } as const)
    : ({
        service: 'lambda',
        operation: 'GetFunction',
        input: { ...input, FunctionName: decodeURIComponent(name) },
      } as const);
}
