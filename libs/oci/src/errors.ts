/** Base of all errors of this library: a stable `code`, and a message that states how to fix the problem. */
export class OciError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const UNUSABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR']);

/** A file system error of a folder that cannot take a file, as an OciError; any other error unchanged. */
export function storageError(folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (FULL.has(code)) {
    return new OciError(
      'DISK_FULL',
      `No space left for ${folder} (${code}).\nExisting files were not changed.\nFix: free some space and run the command again.`,
      { cause: error },
    );
  }
  if (UNUSABLE.has(code)) {
    return new OciError(
      'FOLDER_UNWRITABLE',
      `Cannot use ${folder} (${code}).\nFix: make it a folder that you can read and write.`,
      { cause: error },
    );
  }
  return error;
}
