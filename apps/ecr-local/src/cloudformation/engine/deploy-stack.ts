import { exportConflict, exportsOf } from '../stacks/exports';
import {
  type ResourceRecord,
  type StackOutput,
  type StackRecord,
  type StackState,
} from '../stacks/stack-record';
import { CloudFormationError } from '../cloudformation-error';
import { ResourceError } from '../resources/resource-error';
import { applyResource, type ApplyContext } from './apply-resource';
import { deleteResources } from './delete-resources';
import { deleteStack } from './delete-stack';
import { withActualResources } from './detect-drift';
import { type EngineDeps } from './engine-deps';
import { afterUpdate, leftovers } from './leftovers';
import { sameTags } from './plan-changes';
import { referable } from './referable';
import { rollbackStack } from './rollback-stack';
import { StackJournal } from './stack-journal';
import { type OtherStacks, TargetStack } from './target-stack';

/** The part of a stack's state that a request brings. */
export type DesiredState = Pick<
  StackState,
  'templateBody' | 'parameters' | 'capabilities' | 'tags'
>;

export interface DeployOptions {
  readonly onFailure: 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';
  readonly token?: string | undefined;
  /** Brings back what was changed or deleted outside of the stack. */
  readonly revertsDrift?: boolean | undefined;
}

export function otherStacks({ store }: EngineDeps): OtherStacks {
  return {
    importValue: (name) => exportsOf(store.live()).find((known) => known.name === name)?.value,
    output: (stackName, outputName) =>
      store.find(stackName)?.current.outputs.find(({ key }) => key === outputName)?.value,
  };
}

/**
 * Takes a stack to the desired state, resource by resource, and back to where it was if one fails. It returns
 * when the stack is stable: the outcome is the stack's status.
 */
export async function deployStack(
  stack: StackRecord,
  desired: DesiredState,
  options: DeployOptions,
  deps: EngineDeps,
): Promise<void> {
  const journal = new StackJournal(stack, deps, options.token);
  const creating = stack.status === 'REVIEW_IN_PROGRESS';
  const target = new TargetStack(desired, stack, deps.location, otherStacks(deps));
  const tagsChanged = !sameTags(stack.current.tags, desired.tags);
  const deployed = options.revertsDrift ? await withActualResources(stack, deps) : stack.current;
  begin(stack, deployed, desired, target, deps);
  await journal.stackStatus(
    creating ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS',
    'User Initiated',
  );
  const lookup = (id: string) => {
    const record = stack.current.resources[id];
    return record && referable(record, deps.handlers);
  };
  const failure = await apply({ journal, deps, target, tagsChanged, lookup });
  if (failure !== undefined) return settleFailure(journal, deps, creating, failure, options);
  await commit(journal, deps, target.order);
}

/** Until the operation succeeds, the last good state is kept aside; a second try keeps the first one's. */
function begin(
  stack: StackRecord,
  deployed: StackState,
  desired: DesiredState,
  target: TargetStack,
  deps: EngineDeps,
): void {
  stack.previous ??= structuredClone(stack.current);
  stack.current = {
    ...deployed,
    ...desired,
    description: target.template.Description,
  };
  stack.changeSets = [];
  stack.drift = undefined;
  if (stack.status !== 'REVIEW_IN_PROGRESS') stack.updatedAt = deps.now();
}

const isExpected = (error: unknown) =>
  error instanceof ResourceError || error instanceof CloudFormationError;

/** @returns why it failed, if it did */
async function apply(context: ApplyContext): Promise<string | undefined> {
  const { journal, target, deps, lookup } = context;
  for (const id of target.order) {
    const verb =
      journal.stack.current.resources[id]?.physicalId === undefined ? 'create' : 'update';
    try {
      await applyResource(id, context);
    } catch (error) {
      if (!isExpected(error))
        deps.log.error(
          { stack: journal.stack.name, logicalId: id, err: error },
          'resource handler broke',
        );
      return `The following resource(s) failed to ${verb}: [${id}]. `;
    }
  }
  try {
    const outputs = target
      .outputs(lookup)
      .map((output) => ({ ...output, value: output.value ?? '' }));
    publish(journal.stack, outputs, target.imports(), deps);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function publish(
  stack: StackRecord,
  outputs: StackOutput[],
  imports: string[],
  deps: EngineDeps,
): void {
  const conflict = exportConflict(deps.store, stack, outputs);
  if (conflict) throw new CloudFormationError('EXPORT_CONFLICT', conflict);
  stack.current = { ...stack.current, outputs, imports };
}

async function settleFailure(
  journal: StackJournal,
  deps: EngineDeps,
  creating: boolean,
  failure: string,
  { onFailure }: DeployOptions,
): Promise<void> {
  const status = creating ? 'CREATE_FAILED' : 'UPDATE_FAILED';
  if (onFailure === 'DO_NOTHING') return journal.stackStatus(status, failure);
  if (onFailure === 'DELETE' && creating) {
    await journal.stackStatus(status, failure);
    return deleteStack(journal, deps);
  }
  return rollbackStack(journal, deps, `${failure}Rollback requested by user.`);
}

/** The new state is complete; resources that it no longer contains are deleted, and a failure to do so does not undo it. */
async function commit(
  journal: StackJournal,
  deps: EngineDeps,
  order: readonly string[],
): Promise<void> {
  const { stack } = journal;
  const creating = stack.status === 'CREATE_IN_PROGRESS';
  const kept = Object.fromEntries(
    order.flatMap((id): [string, ResourceRecord][] => {
      const record = stack.current.resources[id];
      return record ? [[id, record]] : [];
    }),
  );
  stack.cleanup = leftovers(stack, kept);
  stack.current.resources = kept;
  stack.previous = undefined;
  if (creating) return journal.stackStatus('CREATE_COMPLETE');
  await cleanUp(journal, deps);
}

/** The second half of an update; a restart comes back to it. */
export async function cleanUp(journal: StackJournal, deps: EngineDeps): Promise<void> {
  const { stack } = journal;
  await journal.stackStatus('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  const deletions = stack.cleanup.map((resource) => afterUpdate(resource, stack.current.resources));
  await deleteResources(deletions, journal, deps, () => undefined);
  stack.cleanup = [];
  await journal.stackStatus('UPDATE_COMPLETE');
}
