import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PipelineError } from '@typerush/pipeline-context';
import { parseBaseLock, type BaseLock } from './base-lock';
import { lockFileOf } from './lock-file';

/**
 * The lock of a Dockerfile; nothing is pinned where there is none.
 * @param dockerfile Relative to the workspace root.
 * @throws PipelineError `BASE_LOCK_INVALID`
 */
export async function readBaseLock(root: string, dockerfile: string): Promise<BaseLock> {
  const file = lockFileOf(dockerfile);
  let text: string;
  try {
    text = await readFile(path.join(root, file), 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new PipelineError('BASE_LOCK_INVALID', `${file} cannot be read: ${message}.`);
  }
  return parseBaseLock(text, file);
}
