import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PipelineError } from '@typerush/pipeline-context';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'its permissions do not allow it',
};

/** @throws PipelineError FILE_UNREADABLE */
export async function readTextFile(file: string, cwd: string): Promise<string> {
  try {
    return await readFile(path.resolve(cwd, file), 'utf8');
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    throw new PipelineError(
      'FILE_UNREADABLE',
      `${file} cannot be read: ${reasons[code] ?? message}.`,
      {
        cause,
      },
    );
  }
}
