import { cleanUp } from './deploy-stack';
import { deleteStack } from './delete-stack';
import { type EngineDeps } from './engine-deps';
import { rollbackStack } from './rollback-stack';
import { StackJournal } from './stack-journal';

/**
 * Finishes what a kill interrupted, before anybody is served: an unfinished creation, update or rollback goes
 * back to the last good state, an unfinished clean-up or deletion goes on. Every stack is stable afterwards, and
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
