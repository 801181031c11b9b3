import { storageError } from './errors';

const failure = (code: string) => Object.assign(new Error(code), { code });

describe('storageError', () => {
  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EACCES', 'FOLDER_UNWRITABLE'],
    ['EROFS', 'FOLDER_UNWRITABLE'],
  ])('converts %s to %s with the folder', (code, expected) => {
    const cause = failure(code);
    expect(storageError('/some/folder', cause)).toMatchObject({
      code: expected,
      cause,
      message: expect.stringContaining('/some/folder'),
    });
  });

  it('returns any other error unchanged', () => {
    const error = failure('ECONNRESET');
    expect(storageError('/some/folder', error)).toBe(error);
    expect(storageError('/some/folder', undefined)).toBeUndefined();
  });
});
