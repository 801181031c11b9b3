import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DetectStackDriftCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { type ECRClient, paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import { Fates, type KillLoad } from './kill-load';

/** A repository with a name, one with a generated name, and a third that comes and goes with the version. */
const templateOf = (stack: string, version: number) => {
  const repository = (Properties: object) => ({
    Type: 'AWS::ECR::Repository',
    Properties: {
      ImageTagMutability: version % 2 === 0 ? 'MUTABLE' : 'IMMUTABLE',
      Tags: [{ Key: 'version', Value: String(version) }],
      ...Properties,
    },
  });
  return JSON.stringify({
    Resources: {
      Named: repository({ RepositoryName: `stacks/${stack}` }),
      Generated: repository({}),
      ...(version % 2 === 1 && {
        Odd: repository({ RepositoryName: `stacks/${stack}/${version}` }),
      }),
    },
  });
};

async function repositoriesOf(client: ECRClient): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateDescribeRepositories({ client }, {})) {
    names.push(...(page.repositories ?? []).map(({ repositoryName = '' }) => repositoryName));
  }
  return names.filter((name) => !name.startsWith('team/'));
}

/** Statuses that a stack can be in for good. */
const stable = /^(CREATE|UPDATE|UPDATE_ROLLBACK|ROLLBACK|DELETE)_COMPLETE$/;

/**
 * Creates, updates and deletes stacks of repositories. After each kill every stack is stable, has exactly the repositories
 * that it names, as its template says, and no repository is left without a stack.
 */
export function stacksLoad(): KillLoad {
  const fates = new Fates();
  let deployments = 0;
  const withClient = async <T>(url: string, use: (client: CloudFormationClient) => Promise<T>) => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new CloudFormationClient({
      endpoint: url,
      region: 'ap-southeast-1',
      credentials,
      maxAttempts: 1,
    });
    return use(client).finally(() => client.destroy());
  };
  const change = (url: string, command: CreateStackCommand) =>
    withClient(url, (client) => client.send(command)).then(() => (deployments += 1));
  return {
    prepare: () => Promise.resolve(),
    tasks: ({ url }, name) => [
      async () => {
        const StackName = name('stack');
        const create = { StackName, TemplateBody: templateOf(StackName, 0) };
        await fates.make(StackName, () => change(url, new CreateStackCommand(create)));
        for (const version of [1, 2]) {
          const update = { StackName, TemplateBody: templateOf(StackName, version) };
          await change(url, new UpdateStackCommand(update) as never);
        }
        const [oldest, ...others] = fates.withFate('made');
        if (oldest !== undefined && others.length > 2) {
          const remove = new DeleteStackCommand({ StackName: oldest });
          await fates.delete(oldest, () => change(url, remove as never));
        }
        await sleep(20);
      },
    ],
    acknowledged: () => fates.acknowledged,
    check: ({ url, client: ecr }) =>
      withClient(url, async (client) => {
        const present: string[] = [];
        const owned: string[] = [];
        for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
          for (const { StackName = '', StackStatus } of Stacks) {
            expect(StackStatus).toMatch(stable);
            present.push(StackName);
            const pages = paginateListStackResources({ client }, { StackName });
            for await (const { StackResourceSummaries = [] } of pages) {
              owned.push(...StackResourceSummaries.map((each) => each.PhysicalResourceId ?? ''));
            }
            if (StackStatus !== 'ROLLBACK_COMPLETE') await expectNoDrift(client, StackName);
          }
        }
        fates.settle(present);
        expect((await repositoriesOf(ecr)).sort()).toEqual(owned.sort());
      }),
    summary: () => `${deployments} deployments of ${fates.size} stacks`,
  };
}

async function expectNoDrift(client: CloudFormationClient, StackName: string) {
  const { StackDriftDetectionId } = await client.send(new DetectStackDriftCommand({ StackName }));
  const status = await client.send(
    new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
  );
  expect({ StackName, ...status }).toMatchObject({ StackDriftStatus: 'IN_SYNC' });
}
