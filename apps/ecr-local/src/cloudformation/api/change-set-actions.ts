import { QueryError, validationError } from '../../query/query-error';
import { action, type QueryAction } from '../../query/query-service';
import { withActualResources } from '../engine/detect-drift';
import { deployStack, otherStacks } from '../engine/deploy-stack';
import { type EngineDeps } from '../engine/engine-deps';
import { planChanges } from '../engine/plan-changes';
import { StackJournal } from '../engine/stack-journal';
import { TargetStack } from '../engine/target-stack';
import { type ChangeSet, type StackRecord } from '../stacks/stack-record';
import { changeSetInput, createChangeSetInput, executeChangeSetInput, stackInput } from './inputs';
import { findChangeSet, requireChangeSet, requireStack } from './lookups';
import { arn, newStack } from './new-stack';
import { page } from './paging';
import { prepare } from './prepare';
import { requireRollbackDisabled, requireUpdatable } from './stack-status';
import { changeSetSummaryWire, changeSetWire, changeWire } from './wire';

/** The CDK and the AWS CLI recognise this text. */
const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

type CreateInput = ReturnType<typeof createChangeSetInput.parse>;

export function changeSetActions(deps: EngineDeps): Record<string, QueryAction> {
  const { store } = deps;
  return {
    CreateChangeSet: action(createChangeSetInput, (input) => createChangeSet(input, deps)),
    DescribeChangeSet: action(changeSetInput, (input) => {
      const { stack, changeSet } = requireChangeSet(store, input.ChangeSetName, input.StackName);
      const { items, ...next } = page(changeSet.changes, input.NextToken);
      // The value of a NoEcho parameter may be anywhere among the properties.
      const secret = [...changeSet.parameters, ...stack.current.parameters].some((p) => p.noEcho);
      const withValues = input.IncludePropertyValues && !secret;
      return {
        ...changeSetWire(stack, changeSet),
        Changes: items.map((change) => changeWire(change, withValues)),
        ...next,
      };
    }),
    ListChangeSets: action(stackInput, ({ StackName, NextToken }) => {
      const stack = requireStack(store, StackName);
      const { items, ...next } = page(stack.changeSets, NextToken);
      return {
        Summaries: items.map((changeSet) => changeSetSummaryWire(stack, changeSet)),
        ...next,
      };
    }),
    DeleteChangeSet: action(changeSetInput, async ({ ChangeSetName, StackName }) => {
      const found = findChangeSet(store, ChangeSetName, StackName);
      if (!found) return {};
      const { stack, changeSet } = found;
      stack.changeSets = stack.changeSets.filter((candidate) => candidate !== changeSet);
      await store.save(stack);
      return {};
    }),
    ExecuteChangeSet: action(executeChangeSetInput, async (input) => {
      const { stack, changeSet } = requireChangeSet(store, input.ChangeSetName, input.StackName);
      requireExecutable(changeSet);
      requireRollbackDisabled(stack, input.DisableRollback);
      Object.assign(stack, {
        disableRollback: input.DisableRollback,
        retainExceptOnCreate: input.RetainExceptOnCreate,
        roleArn: changeSet.roleArn ?? stack.roleArn,
        notificationArns: changeSet.notificationArns,
      });
      const { templateBody, parameters, capabilities, tags, onStackFailure } = changeSet;
      const onFailure = input.DisableRollback ? 'DO_NOTHING' : (onStackFailure ?? 'ROLLBACK');
      const desired = { templateBody, parameters, capabilities, tags };
      const options = {
        onFailure,
        token: input.ClientRequestToken,
        revertsDrift: changeSet.revertsDrift,
      } as const;
      await deployStack(stack, desired, options, deps);
      return {};
    }),
  };
}

async function createChangeSet(input: CreateInput, deps: EngineDeps) {
  const existing = deps.store.find(input.StackName);
  requireSuitable(input, existing);
  const desired = prepare(input, existing);
  const stack = existing ?? newStack(input.StackName, deps);
  const target = new TargetStack(desired, stack, deps.location, otherStacks(deps));
  const revertsDrift = input.DeploymentMode === 'REVERT_DRIFT';
  const deployed = revertsDrift ? await withActualResources(stack, deps) : stack.current;
  const plan = planChanges(deployed, target, desired.tags, deps.handlers);
  const unchanged = plan.empty && input.ChangeSetType === 'UPDATE';
  const changeSet: ChangeSet = {
    id: arn(deps, 'changeSet', input.ChangeSetName),
    name: input.ChangeSetName,
    type: input.ChangeSetType === 'CREATE' ? 'CREATE' : 'UPDATE',
    createdAt: deps.now(),
    ...(input.Description !== undefined && { description: input.Description }),
    ...(input.OnStackFailure !== undefined && { onStackFailure: input.OnStackFailure }),
    ...(input.RoleARN !== undefined && { roleArn: input.RoleARN }),
    ...(unchanged
      ? { status: 'FAILED', statusReason: noChanges, executionStatus: 'UNAVAILABLE' }
      : { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' }),
    ...desired,
    ...(revertsDrift && { revertsDrift }),
    notificationArns: input.NotificationARNs,
    changes: [...plan.changes],
  };
  stack.changeSets.push(changeSet);
  if (existing) await deps.store.save(stack);
  else await new StackJournal(stack, deps).stackStatus('REVIEW_IN_PROGRESS', 'User Initiated');
  return { Id: changeSet.id, StackId: stack.id };
}

function requireSuitable(input: CreateInput, stack: StackRecord | undefined): void {
  if (input.ChangeSetType === 'IMPORT')
    throw validationError('ChangeSetType IMPORT is not emulated.');
  if (input.ChangeSetType === 'UPDATE') {
    if (!stack) throw validationError(`Stack [${input.StackName}] does not exist`);
    requireUpdatable(stack);
  } else if (stack && stack.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(
      `Stack [${stack.name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
    );
  }
  if (stack?.changeSets.some(({ name }) => name === input.ChangeSetName)) {
    throw new QueryError(
      'AlreadyExistsException',
      `ChangeSet ${input.ChangeSetName} already exists`,
    );
  }
}

function requireExecutable(changeSet: ChangeSet): void {
  if (changeSet.executionStatus === 'AVAILABLE') return;
  throw new QueryError(
    'InvalidChangeSetStatus',
    `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
  );
}
