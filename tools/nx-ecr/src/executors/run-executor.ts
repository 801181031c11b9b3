import { ImageRegistryError } from '@typerush/image-registry';
import { OciError } from '@typerush/oci';
import pc from 'picocolors';
import { PipelineError } from '../pipeline-error';

/**
 * Turns what `body` throws on purpose into its message and a failed task. Anything else is a mistake of ours, and
 * keeps its stack trace.
 */
export async function runExecutor(body: () => Promise<void>): Promise<{ success: boolean }> {
  try {
    await body();
    return { success: true };
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`${pc.red('error')} ${error.message}\n`);
    return { success: false };
  }
}

function isExpected(error: unknown): error is Error {
  return (
    error instanceof PipelineError ||
    error instanceof OciError ||
    error instanceof ImageRegistryError
  );
}
