import { QueryError, validationError } from '../../query/query-error';
import { action, type QueryAction } from '../../query/query-service';
import { deleteStack } from '../engine/delete-stack';
import { deployStack, otherStacks } from '../engine/deploy-stack';
import { type EngineDeps } from '../engine/engine-deps';
import { planChanges } from '../engine/plan-changes';
import { rollbackStack } from '../engine/rollback-stack';
import { StackJournal } from '../engine/stack-journal';
import { TargetStack } from '../engine/target-stack';
import {
  continueRollbackInput,
  createStackInput,
  deleteStackInput,
  rollbackStackInput,
  terminationProtectionInput,
  updateStackInput,
} from './inputs';
import { requireStack } from './lookups';
import { newStack } from './new-stack';
import { prepare } from './prepare';
import {
  requireDeletable,
  requireRollbackable,
  requireRollbackDisabled,
  requireUpdatable,
} from './stack-status';

export function stackActions(deps: EngineDeps): Record<string, QueryAction> {
  return {
    CreateStack: action(createStackInput, (input) => createStack(input, deps)),
    UpdateStack: action(updateStackInput, (input) => updateStack(input, deps)),
    DeleteStack: action(deleteStackInput, (input) => removeStack(input, deps)),
    RollbackStack: action(rollbackStackInput, (input) => rollBack(input, deps)),
    ContinueUpdateRollback: action(continueRollbackInput, async (input) => {
      await rollBack(input, deps, input.ResourcesToSkip);
      return {};
    }),
    UpdateTerminationProtection: action(terminationProtectionInput, async (input) => {
      const stack = requireStack(deps.store, input.StackName);
      stack.terminationProtection = input.EnableTerminationProtection;
      await deps.store.save(stack);
      return { StackId: stack.id };
    }),
  };
}

async function createStack(input: ReturnType<typeof createStackInput.parse>, deps: EngineDeps) {
  const existing = deps.store.find(input.StackName);
  if (existing)
    throw new QueryError('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
  const desired = prepare(input, undefined);
  const stack = {
    ...newStack(input.StackName, deps),
    terminationProtection: input.EnableTerminationProtection,
    disableRollback: input.DisableRollback,
    retainExceptOnCreate: input.RetainExceptOnCreate,
    notificationArns: input.NotificationARNs,
    ...(input.RoleARN !== undefined && { roleArn: input.RoleARN }),
  };
  const onFailure = input.DisableRollback ? 'DO_NOTHING' : (input.OnFailure ?? 'ROLLBACK');
  await deployStack(stack, desired, { onFailure, token: input.ClientRequestToken }, deps);
  return { StackId: stack.id };
}

async function updateStack(input: ReturnType<typeof updateStackInput.parse>, deps: EngineDeps) {
  const stack = requireStack(deps.store, input.StackName);
  requireUpdatable(stack);
  requireRollbackDisabled(stack, input.DisableRollback);
  const desired = prepare(input, stack);
  const target = new TargetStack(desired, stack, deps.location, otherStacks(deps));
  if (planChanges(stack.current, target, desired.tags, deps.handlers).empty) {
    throw validationError('No updates are to be performed.');
  }
  Object.assign(stack, {
    disableRollback: input.DisableRollback,
    retainExceptOnCreate: input.RetainExceptOnCreate,
    roleArn: input.RoleARN ?? stack.roleArn,
    notificationArns: input.NotificationARNs,
  });
  const onFailure = input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK';
  await deployStack(stack, desired, { onFailure, token: input.ClientRequestToken }, deps);
  return { StackId: stack.id };
}

/** Deleting what is not there succeeds, as in AWS. */
async function removeStack(input: ReturnType<typeof deleteStackInput.parse>, deps: EngineDeps) {
  const stack = deps.store.find(input.StackName);
  if (!stack || stack.status === 'DELETE_COMPLETE') return undefined;
  requireDeletable(stack);
  const failedBefore = stack.status === 'DELETE_FAILED';
  if (input.RetainResources.length > 0 && !failedBefore) {
    throw validationError(
      'Invalid operation on stack. Specify the resources to retain only for stacks in the DELETE_FAILED state.',
    );
  }
  await deleteStack(new StackJournal(stack, deps, input.ClientRequestToken), deps, {
    retain: input.RetainResources,
    force: failedBefore && input.DeletionMode === 'FORCE_DELETE_STACK',
  });
  return undefined;
}

async function rollBack(
  input: ReturnType<typeof rollbackStackInput.parse>,
  deps: EngineDeps,
  skip: readonly string[] = [],
) {
  const stack = requireStack(deps.store, input.StackName);
  requireRollbackable(stack);
  if (input.RetainExceptOnCreate) stack.retainExceptOnCreate = true;
  const journal = new StackJournal(stack, deps, input.ClientRequestToken);
  await rollbackStack(journal, deps, 'User Initiated', skip);
  return { StackId: stack.id, OperationId: journal.operationId };
}
