/** Whether a thrown value carries this `code`, as those of node:fs do. */
export const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;

/** Whether a call of node:fs failed because there is no such file or folder. */
export const isMissing = (error: unknown): boolean => hasCode(error, 'ENOENT');

/** For `catch`: a missing file is `undefined`, any other failure is thrown. */
export function undefinedWhenMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}
