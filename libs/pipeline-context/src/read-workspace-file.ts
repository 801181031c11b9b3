import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PipelineError } from './pipeline-error';

/** @param file Relative to the root. @throws PipelineError `FILE_MISSING` */
export async function readWorkspaceFile(root: string, file: string): Promise<string> {
  try {
    return await readFile(path.join(root, file), 'utf8');
  } catch (cause) {
    throw new PipelineError('FILE_MISSING', `Cannot read ${file} in ${root}.\nFix: create it.`, {
      cause,
    });
  }
}
