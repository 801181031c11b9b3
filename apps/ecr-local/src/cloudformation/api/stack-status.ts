import { validationError } from '../../query/query-error';
import { type StackRecord } from '../stacks/stack-record';

const updatable =
  /^(CREATE_COMPLETE|UPDATE_COMPLETE|UPDATE_ROLLBACK_COMPLETE|IMPORT_COMPLETE|IMPORT_ROLLBACK_COMPLETE)$/;
/** Left by an operation with rollback disabled. */
const paused = /^(CREATE_FAILED|UPDATE_FAILED)$/;

export function requireUpdatable(stack: StackRecord): void {
  if (updatable.test(stack.status) || paused.test(stack.status)) return;
  throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

/** A paused stack goes on only without rollback, or back by RollbackStack. */
export function requireRollbackDisabled(stack: StackRecord, disableRollback: boolean): void {
  if (paused.test(stack.status) && !disableRollback) {
    throw validationError(
      `Stack:${stack.id} is in ${stack.status} state: roll it back with RollbackStack, or update it with DisableRollback.`,
    );
  }
}

export function requireDeletable(stack: StackRecord): void {
  if (stack.terminationProtection) {
    throw validationError(
      `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
    );
  }
  if (/_IN_PROGRESS$/.test(stack.status) && stack.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(
      `Stack [${stack.name}] is in ${stack.status} state and cannot be deleted now.`,
    );
  }
}

export function requireRollbackable(stack: StackRecord): void {
  if (/^(CREATE_FAILED|UPDATE_FAILED|ROLLBACK_FAILED|UPDATE_ROLLBACK_FAILED)$/.test(stack.status))
    return;
  throw validationError(
    `Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`,
  );
}
