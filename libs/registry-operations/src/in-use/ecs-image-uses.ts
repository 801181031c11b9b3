import { type ECSClient, type Service, type Task } from '@aws-sdk/client-ecs';
import { type EcrTarget } from '@typerush/ecr-access';
import { inBatches } from '../remote-registry';
import { type Call, maxAttempts } from './aws-call';
import { type ImageUse } from './image-use';

/**
 * The images of ECS: those of active task definitions, of the task definitions that services use, active or not, and of
 * tasks. The digest of a task's image counts, since its tag may have moved after the task started.
 */
export async function ecsImageUses(target: EcrTarget, call: Call): Promise<readonly ImageUse[]> {
  // Loaded here: only this target needs the client, and it takes time to load.
  const sdk = await import('@aws-sdk/client-ecs');
  const client = new sdk.ECSClient({ ...target, maxAttempts });
  const pages = { client, pageSize: 100 };
  const clusters = await call('ecs:ListClusters', () =>
    collect(sdk.paginateListClusters(pages, {}), ({ clusterArns }) => clusterArns),
  );
  const perCluster = await inBatches(clusters, async (cluster) => {
    const services = await servicesOf(client, cluster, call);
    const tasks = await tasksOf(client, cluster, call);
    return { services, tasks };
  });
  const active = await call('ecs:ListTaskDefinitions', () =>
    collect(
      sdk.paginateListTaskDefinitions(pages, { status: 'ACTIVE' }),
      ({ taskDefinitionArns }) => taskDefinitionArns,
    ),
  );
  const users = new Map(active.map((arn) => [arn, [`ECS task definition ${nameOf(arn)}`]]));
  for (const service of perCluster.flatMap(({ services }) => services)) {
    const user = `ECS service ${clusterAndName(service.clusterArn, service.serviceName)}`;
    for (const arn of definitionsOf(service)) users.set(arn, [...(users.get(arn) ?? []), user]);
  }
  const definitions = await inBatches([...users], async ([arn, of]) => {
    const images = await imagesOfDefinition(client, arn, call);
    return images.flatMap((image) => of.map((user) => ({ image, user })));
  });
  return [...definitions.flat(), ...perCluster.flatMap(({ tasks }) => tasks.flatMap(usesOfTask))];
}

async function servicesOf(client: ECSClient, cluster: string, call: Call): Promise<Service[]> {
  const sdk = await import('@aws-sdk/client-ecs');
  const names = await call('ecs:ListServices', () =>
    collect(
      sdk.paginateListServices({ client, pageSize: 100 }, { cluster }),
      ({ serviceArns }) => serviceArns,
    ),
  );
  const found = await inBatches(batches(names, 10), async (services) => {
    const command = new sdk.DescribeServicesCommand({ cluster, services });
    const answer = await call('ecs:DescribeServices', () => client.send(command));
    return answer.services ?? [];
  });
  // A deleted service stays visible for a while.
  return found.flat().filter(({ status }) => status !== 'INACTIVE');
}

async function tasksOf(client: ECSClient, cluster: string, call: Call): Promise<Task[]> {
  const sdk = await import('@aws-sdk/client-ecs');
  const arns = await call('ecs:ListTasks', () =>
    collect(
      sdk.paginateListTasks({ client, pageSize: 100 }, { cluster }),
      ({ taskArns }) => taskArns,
    ),
  );
  const found = await inBatches(batches(arns, 100), async (tasks) => {
    const command = new sdk.DescribeTasksCommand({ cluster, tasks });
    const answer = await call('ecs:DescribeTasks', () => client.send(command));
    return answer.tasks ?? [];
  });
  return found.flat();
}

async function imagesOfDefinition(
  client: ECSClient,
  taskDefinition: string,
  call: Call,
): Promise<readonly string[]> {
  const sdk = await import('@aws-sdk/client-ecs');
  const command = new sdk.DescribeTaskDefinitionCommand({ taskDefinition });
  const answer = await call('ecs:DescribeTaskDefinition', () =>
    client.send(command).catch((error: Error) => {
      // It was deleted after it was listed.
      if (/Unable to describe task definition/.test(error.message)) return undefined;
      throw error;
    }),
  );
  const containers = answer?.taskDefinition?.containerDefinitions ?? [];
  return containers.flatMap(({ image }) => image ?? []);
}

/** During a deployment a service has several. */
function definitionsOf({ taskDefinition, deployments = [], taskSets = [] }: Service): Set<string> {
  const all = [taskDefinition, ...[...deployments, ...taskSets].map((each) => each.taskDefinition)];
  return new Set(all.filter((arn) => arn !== undefined));
}

function usesOfTask({ clusterArn, taskArn, containers = [] }: Task): ImageUse[] {
  const user = `ECS task ${clusterAndName(clusterArn, nameOf(taskArn))}`;
  return containers.flatMap(({ image, imageDigest }) => {
    if (!image) return [];
    return [{ user, image: imageDigest ? `${image.split('@')[0]}@${imageDigest}` : image }];
  });
}

const nameOf = (arn = '') => arn.slice(arn.lastIndexOf('/') + 1);

const clusterAndName = (clusterArn?: string, name = '') => `${nameOf(clusterArn)}/${name}`;

/** All items of all pages. */
async function collect<Page>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly string[] | undefined,
): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

function batches<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, nth) => all.slice(nth * size, (nth + 1) * size));
}
