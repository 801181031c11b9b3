import { RemoteRepository } from '@typerush/oci';
import { type OpenDestination } from './open-destinations';
import { explainPushFailure, isExpected, problemOf, type RepeatableCommand } from './push-failure';

/**
 * Takes one step of a command at every destination, and waits for all: one failed destination does not cancel the others.
 * @param effect What holds whichever destination fails; called after a failure if it has to be looked up.
 * @throws PipelineError that lists where the step is done and where it failed; for one destination, with the code of its cause
 */
export async function forEachDestination<T, D extends OpenDestination>(
  pushes: readonly D[],
  effect: string | (() => Promise<string>),
  step: (push: D) => Promise<T>,
  command?: RepeatableCommand,
): Promise<T[]> {
  const results = await Promise.allSettled(pushes.map(step));
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  const failures = errors.filter(isExpected);
  if (failures.length < errors.length) throw errors.find((error) => !isExpected(error));
  const [first] = failures;
  if (!first) return results.flatMap((result) => ('value' in result ? [result.value] : []));
  const state = typeof effect === 'string' ? effect : await effect();
  if (pushes.length === 1) throw explainPushFailure(first, state, undefined, command);
  const lines = pushes.map(({ destination }, index) => {
    const result = results[index];
    return `  ${destination.name}: ${result?.status === 'rejected' ? problemOf(result.reason) : 'done'}`;
  });
  const problem = `${command?.name ?? 'Push'} failed for ${failures.length} of ${pushes.length} destinations:\n${lines.join('\n')}`;
  throw explainPushFailure(first, state, { code: 'PUSH_INCOMPLETE', problem, failures }, command);
}

export const targetOf = ({ client, repository }: Pick<OpenDestination, 'client' | 'repository'>) =>
  new RemoteRepository(client, repository.path);
