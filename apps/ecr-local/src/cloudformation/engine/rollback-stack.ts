import { type ResourceRecord, type StackRecord } from '../stacks/stack-record';
import { topologicalOrder } from '../template/dependency-order';
import { deleteResources } from './delete-resources';
import { type EngineDeps } from './engine-deps';
import { failureReason } from './failure';
import { afterRollback, leftovers } from './leftovers';
import { type StackJournal } from './stack-journal';

/** A stack that never was complete ends as ROLLBACK_*, one that imports as IMPORT_ROLLBACK_*, another as UPDATE_ROLLBACK_*. */
const rollbackPrefix = ({ status }: StackRecord) =>
  /^(CREATE|ROLLBACK|REVIEW)_/.test(status)
    ? 'ROLLBACK'
    : status.startsWith('IMPORT_')
      ? 'IMPORT_ROLLBACK'
      : 'UPDATE_ROLLBACK';

/**
 * Brings a stack back to its last good state, from wherever an operation stopped. It can itself be stopped and
 * done again.
 *
 * @param skip logical ids to leave as they are: what was deleted by hand cannot be brought back
 */
export async function rollbackStack(
  journal: StackJournal,
  deps: EngineDeps,
  reason: string,
  skip: readonly string[] = [],
): Promise<void> {
  const { stack } = journal;
  const prefix = rollbackPrefix(stack);
  const good = stack.previous ?? stack.current;
  await journal.stackStatus(`${prefix}_IN_PROGRESS`, reason);
  const failed = await revert(journal, deps, good.resources, skip);
  if (failed.length > 0) return fail(journal, prefix, `update: [${failed.join(', ')}]`);

  if (prefix === 'UPDATE_ROLLBACK') {
    await journal.stackStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  }
  const made = leftovers(stack, good.resources).map((r) =>
    afterRollback(r, stack.retainExceptOnCreate),
  );
  const left = await deleteResources(made, journal, deps, (gone) => forget(stack, gone));
  if (left.length > 0 && prefix === 'ROLLBACK') {
    return fail(journal, prefix, `delete: [${left.map(({ logicalId }) => logicalId).join(', ')}]`);
  }
  stack.current = good;
  stack.previous = undefined;
  stack.cleanup = [];
  await journal.stackStatus(`${prefix}_COMPLETE`);
}

function fail(journal: StackJournal, prefix: string, what: string): Promise<void> {
  return journal.stackStatus(`${prefix}_FAILED`, `The following resource(s) failed to ${what}. `);
}

/** Only what this operation has touched is written again. */
async function revert(
  journal: StackJournal,
  deps: EngineDeps,
  good: Readonly<Record<string, ResourceRecord>>,
  skip: readonly string[],
): Promise<string[]> {
  const { stack } = journal;
  const touched = topologicalOrder(Object.values(good), (r) => r.logicalId).filter((resource) => {
    const now = stack.current.resources[resource.logicalId];
    return now?.physicalId === resource.physicalId && now?.operationId !== resource.operationId;
  });
  const failed: string[] = [];
  for (const resource of touched) {
    if (skip.includes(resource.logicalId)) continue;
    if (!(await revertResource(resource, journal, deps))) failed.push(resource.logicalId);
  }
  return failed;
}

async function revertResource(
  resource: ResourceRecord,
  journal: StackJournal,
  deps: EngineDeps,
): Promise<boolean> {
  const { stack } = journal;
  const { physicalId } = resource;
  if (physicalId === undefined) return true;
  const shown = { ...resource };
  journal.resourceStatus(shown, 'UPDATE_IN_PROGRESS');
  try {
    await deps.handlers(resource.type).update({
      ...resource,
      physicalId,
      stackName: stack.name,
      stackTags: stack.previous?.tags ?? stack.current.tags,
    });
  } catch (error) {
    journal.resourceStatus(shown, 'UPDATE_FAILED', failureReason(error, deps.newId()));
    return false;
  }
  journal.resourceStatus(shown, 'UPDATE_COMPLETE');
  return true;
}

function forget(stack: StackRecord, gone: ResourceRecord): void {
  const current = stack.current.resources[gone.logicalId];
  if (current?.physicalId === gone.physicalId) delete stack.current.resources[gone.logicalId];
  stack.cleanup = stack.cleanup.filter(({ physicalId }) => physicalId !== gone.physicalId);
}
