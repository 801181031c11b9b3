import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { DeleteRepositoryCommand, DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { EcrLocal } from '@typerush/ecr-access/testing';
import { EcrRemoteRegistry } from '../ecr-remote-registry';
import { deleteStacksOfLostRepositories } from './lost-repositories';

jest.setTimeout(60_000);

let local: EcrLocal;
let client: CloudFormationClient;
beforeEach(async () => {
  local = await EcrLocal.start();
  client = new CloudFormationClient({ ...local.target });
});
afterEach(() => local.stop());

/** @param others Repositories that the stack has besides its own. */
async function deploy(
  service: string,
  DeletionPolicy = 'Delete',
  others: readonly string[] = [],
): Promise<void> {
  const StackName = `team-dev-registry-${service}`;
  const repositories = [service, ...others].map((name, nth) => [
    `Repository${nth}`,
    {
      Type: 'AWS::ECR::Repository',
      DeletionPolicy,
      Properties: { RepositoryName: `team/${name}` },
    },
  ]);
  const TemplateBody = JSON.stringify({ Resources: Object.fromEntries(repositories) });
  await client.send(new CreateStackCommand({ StackName, TemplateBody }));
  await waitUntilStackCreateComplete(
    { client, maxWaitTime: 30, minDelay: 0.1, maxDelay: 1 },
    { StackName },
  );
}

const lose = (service: string) =>
  local.ecr.send(new DeleteRepositoryCommand({ repositoryName: `team/${service}`, force: true }));

const repair = (isOurs = (stack: string) => stack.startsWith('team-dev-registry-')) =>
  deleteStacksOfLostRepositories(
    local.target,
    'local',
    new EcrRemoteRegistry(local.target, 'local'),
    isOurs,
  );

async function stacks(): Promise<string[]> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  return Stacks.map(({ StackName = '' }) => StackName).sort();
}

async function repositories(): Promise<string[]> {
  const answer = await local.ecr.send(new DescribeRepositoriesCommand({}));
  return (answer.repositories ?? []).map(({ repositoryName = '' }) => repositoryName).sort();
}

describe('a repository that was deleted outside of CloudFormation', () => {
  it.each(['Delete', 'RetainExceptOnCreate'])(
    'is created by the next deployment of its stack (DeletionPolicy: %s)',
    async (policy) => {
      await deploy('app', policy);
      await deploy('other', policy);
      await lose('app');
      expect(await repair()).toEqual([{ stack: 'team-dev-registry-app', repository: 'team/app' }]);
      expect(await stacks()).toEqual(['team-dev-registry-other']);
      await deploy('app', policy);
      expect(await repositories()).toEqual(['team/app', 'team/other']);
      expect(await repair()).toEqual([]);
    },
  );

  it('does not delete its stack as long as another repository of the stack exists', async () => {
    await deploy('app', 'Delete', ['second']);
    await lose('app');
    expect(await repair()).toEqual([]);
    expect(await stacks()).toEqual(['team-dev-registry-app']);
    expect(await repositories()).toEqual(['team/second']);

    await lose('second');
    expect(await repair()).toHaveLength(2);
    expect(await stacks()).toEqual([]);
    await deploy('app', 'Delete', ['second']);
    expect(await repositories()).toEqual(['team/app', 'team/second']);
  });

  it('is left to others if its stack is not deployed', async () => {
    await deploy('app');
    await deploy('other');
    await lose('app');
    await lose('other');
    expect(await repair((stack) => stack.endsWith('-other'))).toHaveLength(1);
    expect(await stacks()).toEqual(['team-dev-registry-app']);
  });
});

it('no stack is deleted whose repository exists, and none has to exist', async () => {
  expect(await repair()).toEqual([]);
  await deploy('app');
  expect(await repair()).toEqual([]);
  expect(await stacks()).toEqual(['team-dev-registry-app']);
});
