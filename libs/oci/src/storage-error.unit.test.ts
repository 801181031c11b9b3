import { storageError } from './storage-error';

const failure = (code: string) => Object.assign(new Error(code), { code });

describe('storageError', () => {
  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EACCES', 'FOLDER_UNWRITABLE'],
    ['EROFS', 'FOLDER_UNWRITABLE'],
  ])('%s is %s, with the folder', (code, told) => {
    const cause = failure(code);
    expect(storageError('/some/folder', cause)).toMatchObject({
      code: told,
      cause,
      message: expect.stringContaining('/some/folder'),
    });
  });

  it('any other error stays what it is', () => {
    const error = failure('ECONNRESET');
    expect(storageError('/some/folder', error)).toBe(error);
    expect(storageError('/some/folder', undefined)).toBeUndefined();
  });
});
