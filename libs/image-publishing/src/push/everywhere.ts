import { OciError } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';

interface Named {
  readonly destination: { readonly name: string };
}

/**
 * Takes one step of a push at every destination, and waits for all of them: what can stand shall stand.
 * @param standing What is true whatever fails: told with a failure, so that nobody has to look.
 * @throws PipelineError that names where the step is done and where it is not; with one destination, under the code of its cause
 */
export async function everywhere<D extends Named, T>(
  destinations: readonly D[],
  standing: string,
  step: (destination: D) => Promise<T>,
): Promise<T[]> {
  const results = await Promise.allSettled(destinations.map(step));
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ index, error: result.reason as unknown }] : [],
  );
  const [first] = failures;
  if (!first) return results.flatMap((result) => ('value' in result ? [result.value] : []));
  const unknown = failures.find(({ error }) => !isExpected(error));
  // A mistake of ours keeps its stack trace.
  if (unknown) throw unknown.error;
  const again = 'Push again: what stands is not sent again.';
  const cause = first.error as OciError | PipelineError;
  if (destinations.length === 1) {
    throw new PipelineError(cause.code, `${cause.message}\n${standing} ${again}`, { cause });
  }
  const lines = destinations.map(({ destination }, index) => {
    const failure = failures.find((one) => one.index === index);
    return `  ${destination.name}: ${failure ? (failure.error as Error).message : 'done'}`;
  });
  throw new PipelineError(
    'PUSH_INCOMPLETE',
    `The push has failed at ${failures.length} of ${destinations.length} destinations:\n${lines.join('\n')}\n${standing} ${again}`,
    { cause },
  );
}

const isExpected = (error: unknown) => error instanceof PipelineError || error instanceof OciError;
