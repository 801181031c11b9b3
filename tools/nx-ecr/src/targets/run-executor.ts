import { ImageRegistryError } from '@typerush/image-registry';
import { OciError } from '@typerush/oci';
import pc from 'picocolors';
import { PipelineError } from '@typerush/pipeline-context';

// The AWS SDK announces on the error stream of every process that its next versions drop Node 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/**
 * Turns what `body` throws on purpose into its message and a failed task. Anything else is a mistake of ours, and
 * keeps its stack trace. A body that answers false has done its work and found what makes the task fail.
 */
export async function runExecutor(
  body: () => Promise<boolean | void>,
): Promise<{ success: boolean }> {
  try {
    return { success: (await body()) !== false };
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
