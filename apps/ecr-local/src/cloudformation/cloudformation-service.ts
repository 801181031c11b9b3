import { QueryError } from '../query/query-error';
import { type QueryAction, type QueryService } from '../query/query-service';
import { createKeyedMutex } from '../storage/keyed-mutex';
import { changeSetActions } from './api/change-set-actions';
import { driftActions } from './api/drift-actions';
import { detailReadActions, stackReadActions } from './api/read-actions';
import { stackActions } from './api/stack-actions';
import { CloudFormationError } from './cloudformation-error';
import { templateActions } from './api/template-actions';
import { type EngineDeps } from './engine/engine-deps';
import { type AwsLocation, partitionOf } from './template/pseudo-parameters';
import {
  createRepositoryHandler,
  type RepositoryPort,
  repositoryType,
} from './resources/ecr-repository';
import { createRecordedHandler } from './resources/recorded-resource';
import { type ResourceHandler, type ResourceHandlers } from './resources/resource-handler';
import { cleanUp } from './engine/deploy-stack';
import { deleteStack } from './engine/delete-stack';
import { rollbackStack } from './engine/rollback-stack';
import { StackJournal } from './engine/stack-journal';

/**
 * AWS CloudFormation, as much as `cdk deploy`, `diff` and `destroy` and the AWS CLI's describe commands call.
 * An operation runs to its end within its request, so a client's first poll finds the result. Exports tie
 * stacks together, so one change runs at a time; reads see a stack as it is at the moment.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/
 */
export function createCloudFormationService(deps: EngineDeps): QueryService {
  const oneAtATime = createKeyedMutex();
  // A change that could not be written leaves a stack in progress: it is finished before the next one, as after a restart.
  let wasInterrupted = false;
  const inTurn = (actions: Record<string, QueryAction>): Record<string, QueryAction> =>
    Object.fromEntries(
      Object.entries(actions).map(([name, run]): [string, QueryAction] => [
        name,
        (parameters, identity) =>
          oneAtATime('stacks', async () => {
            if (wasInterrupted) {
              await deps.store.saveUnsaved();
              await recoverStacks(deps);
            }
            wasInterrupted = false;
            try {
              return await run(parameters, identity);
            } catch (error) {
              wasInterrupted = !isRefusal(error);
              throw error;
            }
          }),
      ]),
    );
  return {
    name: 'CloudFormation',
    version: '2010-05-15',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    signingName: 'cloudformation',
    resourceOf: ({ StackName }) => stackResource(deps.location, StackName),
    actions: {
      ...stackReadActions(deps),
      ...detailReadActions(deps),
      ...templateActions(deps),
      ...inTurn(driftActions(deps)),
      ...inTurn(changeSetActions(deps)),
      ...inTurn(stackActions(deps)),
    },
  };
}

const isRefusal = (error: unknown) =>
  error instanceof QueryError || error instanceof CloudFormationError;

/** What policies name a stack: by its name, since a request may give only that. */
function stackResource({ accountId, region }: AwsLocation, name: unknown): string {
  if (typeof name !== 'string' || name === '') return '*';
  if (name.startsWith('arn:')) return name;
  return `arn:${partitionOf(region)}:cloudformation:${region}:${accountId}:stack/${name}/*`;
}

interface ResourceDeps {
  readonly ecr: RepositoryPort;
  readonly location: AwsLocation;
  readonly newId: () => string;
}

/** Repositories are created; every other type is recorded. */
export function createResourceHandlers({ ecr, location, newId }: ResourceDeps): ResourceHandlers {
  const handlers = new Map<string, ResourceHandler>([
    [repositoryType, createRepositoryHandler(ecr, newId)],
  ]);
  return (type) => {
    const known = handlers.get(type);
    if (known) return known;
    const recorded = createRecordedHandler(type, location, newId);
    handlers.set(type, recorded);
    return recorded;
  };
}

/**
 * Finishes what a kill interrupted, before any request is served: an unfinished creation, update or rollback goes
 * back to the last good state, an unfinished clean-up or deletion is resumed. Every stack is stable afterwards, and
 * the next deploy finds it as CloudFormation would have left it.
 */
export async function recoverStacks(deps: EngineDeps): Promise<void> {
  for (const stack of deps.store.live()) {
    if (!/_IN_PROGRESS$/.test(stack.status) || stack.status === 'REVIEW_IN_PROGRESS') continue;
    const journal = new StackJournal(stack, deps);
    deps.log.warn({ stack: stack.name, status: stack.status }, 'stack operation was interrupted');
    if (stack.status === 'DELETE_IN_PROGRESS') await deleteStack(journal, deps);
    else if (stack.status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') await cleanUp(journal, deps);
    else await rollbackStack(journal, deps, 'The emulator was stopped during the operation.');
  }
}
