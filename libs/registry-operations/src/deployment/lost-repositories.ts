import {
  CloudFormationClient,
  DeleteStackCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { type EcrTarget } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import { repositoryType } from '../declared/read-assembly';
import { explainFailure } from '../explain-failure';
import { inBatches, type RemoteRegistry } from '../remote-registry';

/** A stack whose repository was deleted outside of CloudFormation. */
export interface LostRepository {
  readonly stack: string;
  readonly repository: string;
}

/** In seconds. A stack of a service has a repository and two parameters: it is deleted in less than the default delay. */
const waiting = { maxWaitTime: 600, minDelay: 1, maxDelay: 5 };

/**
 * Deletes stacks whose repository was deleted outside of CloudFormation: a deployment would find no change in them, and the
 * next one creates them again. No image is lost with them, since there is none.
 *
 * @param isOurs Whether a stack, by its name, is one of those that are deployed.
 * @throws PipelineError the errors of CloudFormation and of the registry
 */
export async function deleteStacksOfLostRepositories(
  target: EcrTarget,
  environment: Environment,
  registry: RemoteRegistry,
  isOurs: (stack: string) => boolean,
): Promise<readonly LostRepository[]> {
  const client = new CloudFormationClient({ ...target });
  try {
    const stacks = (await deployedStacks(client)).filter(isOurs);
    if (stacks.length === 0) return [];
    const existing = new Set((await registry.repositories()).map(({ name }) => name));
    // A stack that still has a repository is kept: its images would be deleted with it.
    const lost = (await inBatches(stacks, (stack) => repositoriesIn(client, stack)))
      .filter((found) => found.every(({ repository }) => !existing.has(repository)))
      .flat();
    await inBatches([...new Set(lost.map(({ stack }) => stack))], async (StackName) => {
      await client.send(new DeleteStackCommand({ StackName }));
      await waitUntilStackDeleteComplete({ client, ...waiting }, { StackName });
    });
    return lost;
  } catch (error) {
    throw explainFailure(error, {
      where: target.endpoint ?? 'AWS CloudFormation',
      environment,
      operation: 'DescribeStacks, ListStackResources or DeleteStack',
    });
  }
}

/** The names of the stacks that exist and are not being changed. */
async function deployedStacks(client: CloudFormationClient): Promise<string[]> {
  const names: string[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
    for (const { StackName = '', StackStatus = '' } of Stacks) {
      if (/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(StackStatus)) names.push(StackName);
    }
  }
  return names;
}

async function repositoriesIn(
  client: CloudFormationClient,
  stack: string,
): Promise<LostRepository[]> {
  const found: LostRepository[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
    for (const { ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
      if (ResourceType === repositoryType && PhysicalResourceId) {
        found.push({ stack, repository: PhysicalResourceId });
      }
    }
  }
  return found;
}
