import { access, mkdir } from 'node:fs/promises';
import { makeFolder } from './make-folder';

jest.mock('node:fs/promises');

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A file system in which `/work` exists and cannot be written: Node's mkdir reports ENOENT for folders below it. */
function readOnly(code: string): void {
  jest.mocked(mkdir).mockRejectedValue(failure('ENOENT'));
  jest.mocked(access).mockImplementation(async (folder) => {
    throw failure(folder === '/work' ? code : 'ENOENT');
  });
}

describe('makeFolder', () => {
  it.each(['EROFS', 'EACCES'])('names the folder and the reason %s', async (code) => {
    readOnly(code);
    await expect(makeFolder('/work/dist/images/api')).rejects.toMatchObject({
      code: 'FOLDER_UNWRITABLE',
      message: expect.stringContaining(`Cannot use /work/dist/images/api (${code})`),
    });
  });

  it('keeps any other error', async () => {
    readOnly('ENOENT');
    await expect(makeFolder('/work/dist')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
