import { exportConflict } from '../stacks/exports';
import { emptyState } from '../stacks/stack-record';
import { deleteResources } from './delete-resources';
import { type EngineDeps } from './engine-deps';
import { leftovers } from './leftovers';
import { type StackJournal } from './stack-journal';

export interface DeleteOptions {
  /** Logical ids to leave alone. */
  readonly retain?: readonly string[];
  /** Gives up on resources that cannot be deleted. */
  readonly force?: boolean;
}

/** Deletes a stack and what it made. What cannot be deleted leaves it DELETE_FAILED, to be tried again. */
export async function deleteStack(
  journal: StackJournal,
  deps: EngineDeps,
  { retain = [], force = false }: DeleteOptions = {},
): Promise<void> {
  const { stack } = journal;
  const conflict = exportConflict(deps.store, stack, []);
  if (conflict) return journal.stackStatus('DELETE_FAILED', conflict);
  await journal.stackStatus('DELETE_IN_PROGRESS', 'User Initiated');
  const deletions = leftovers(stack, {}).map((resource) => ({
    resource,
    retain: resource.deletionPolicy.startsWith('Retain') || retain.includes(resource.logicalId),
  }));
  const left = await deleteResources(deletions, journal, deps, () => undefined);
  if (left.length > 0 && !force) {
    stack.current.resources = Object.fromEntries(
      left.map((resource) => [resource.logicalId, resource]),
    );
    const names = left.map(({ logicalId }) => logicalId).join(', ');
    return journal.stackStatus(
      'DELETE_FAILED',
      `The following resource(s) failed to delete: [${names}]. `,
    );
  }
  stack.current = {
    ...emptyState,
    templateBody: stack.current.templateBody,
    tags: stack.current.tags,
  };
  stack.previous = undefined;
  stack.cleanup = [];
  stack.changeSets = [];
  stack.deletedAt = deps.now();
  return journal.stackStatus('DELETE_COMPLETE');
}
