import { OciError, RegistryError } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';

type ExpectedError = OciError | PipelineError;

/** Any other error is a bug and keeps its stack trace. */
export const isExpected = (error: unknown): error is ExpectedError =>
  error instanceof PipelineError || error instanceof OciError;

/** Failures that end without a change on this machine. */
const isTransient = ({ code }: ExpectedError) =>
  ['UNREACHABLE', 'TIMEOUT', 'SERVER_ERROR', 'TOOMANYREQUESTS'].includes(code);

/** A command that continues where it failed if it is repeated. */
export interface RepeatableCommand {
  /** `Push`, as the subject of a sentence. */
  readonly name: string;
  /** `push again` */
  readonly again: string;
}

const push: RepeatableCommand = { name: 'Push', again: 'push again' };

/** Adds to a failure before the first upload its effect, and the fix for its kind. @throws PipelineError */
export async function explainPrePushFailure<T>(
  preparation: Promise<T>,
  { again }: RepeatableCommand = push,
): Promise<T> {
  try {
    return await preparation;
  } catch (error) {
    if (!isExpected(error)) throw error;
    const fixes = isTransient(error) ? [`${again} when the registry responds.`] : fixesOf(error);
    const effect = 'Nothing was uploaded and no tag was changed.';
    const message = [problemOf(error), effect, ...fixes.map((fix) => `Fix: ${fix}`)].join('\n');
    throw new PipelineError(error.code, message, { cause: error });
  }
}

/**
 * Adds to a failure after the first upload its effect, the fix for its kind, and that the command continues if it is repeated.
 * @param of Of several failures, what they have in common.
 */
export function explainPushFailure(
  cause: ExpectedError,
  effect: string,
  of: Failures = { code: cause.code, problem: problemOf(cause), failures: [cause] },
  command: RepeatableCommand = push,
): PipelineError {
  const fixes = [...new Set(of.failures.flatMap(fixesOf))].map((fix) => `Fix: ${fix}`);
  const again = of.failures.every(isTransient)
    ? command.again.replace(/^./, (first) => first.toUpperCase())
    : `Then ${command.again}`;
  const next = `${again}: content already in the registry is not uploaded again.`;
  return new PipelineError(of.code, [of.problem, effect, ...fixes, next].join('\n'), { cause });
}

interface Failures {
  readonly code: string;
  readonly problem: string;
  readonly failures: readonly ExpectedError[];
}

const fixMark = '\nFix: ';

/** The message of a failure without the fixes that it names. */
export const problemOf = ({ message }: ExpectedError) => message.split(fixMark)[0] ?? message;

function fixesOf(error: ExpectedError): readonly string[] {
  const [, ...named] = error.message.split(fixMark);
  if (named.length > 0) return named;
  if (error.code === 'DISK_FULL') return ['free disk space on this machine.'];
  if (!(error instanceof RegistryError)) return [];
  const { code, host, repository = 'the repository' } = error;
  switch (code) {
    case 'UNAUTHORIZED':
    case 'TOKEN_EXPIRED':
      return [
        `log in again: docker login ${host}; for Amazon ECR renew the AWS credentials: aws sso login.`,
      ];
    case 'DENIED':
      return [
        `use an identity that may push to ${host}/${repository}; in Amazon ECR that is its push role.`,
      ];
    default:
      return [];
  }
}
