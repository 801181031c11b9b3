import { OciError } from './errors';

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const CLOSED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR']);

/** What the file system says about a folder that cannot take a file, as an error with a remedy; any other error as it is. */
export function storageError(folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (FULL.has(code)) {
    return new OciError(
      'DISK_FULL',
      `There is no room left for ${folder} (${code}). Nothing that was there has changed: make room and try again.`,
      { cause: error },
    );
  }
  if (CLOSED.has(code)) {
    return new OciError(
      'FOLDER_UNWRITABLE',
      `${folder} cannot be used (${code}): it has to be a folder that you may read and write.`,
      { cause: error },
    );
  }
  return error;
}
