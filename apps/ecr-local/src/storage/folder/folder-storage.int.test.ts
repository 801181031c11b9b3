import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { digestOf } from '../digest';
import { describeStorage } from '../test/storage-conformance';
import { DataFolderInUseError } from './folder-lock';
import { openFolderStorage } from './folder-storage';

let folder: string;
const fail = (error: Error) => {
  throw error;
};
const open = () => openFolderStorage(folder, fail);

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'ecr-local-')), 'data');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

describe('the storage in a folder', () => {
  describe('as any storage', () => describeStorage(open));

  it('has everything again when it is opened again, half an upload included', async () => {
    const first = await open();
    await first.documents.put('things', 'a', { n: 1 });
    const id = await first.uploads.begin('a-layers');
    await first.uploads.append('a-layers', id, 0, [Buffer.from('half')]);
    await first.close();
    const second = await open();
    expect(await second.documents.get('things', 'a')).toEqual({ n: 1 });
    expect(await second.uploads.size('a-layers', id)).toBe(4);
    const digest = digestOf(Buffer.from('half'));
    expect(await second.uploads.commit('a-layers', id, digest)).toBe('stored');
    expect(await text(await second.blobs.read('a-layers', digest))).toBe('half');
    expect(second.tokenSecret).toEqual(first.tokenSecret);
    await second.close();
  });

  it('is readable by its user alone', async () => {
    await (await open()).close();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'token-secret'))).mode & 0o777).toBe(0o600);
  });

  it('rejects a second owner and names the process that has the folder', async () => {
    const first = await open();
    const second = open();
    await expect(second).rejects.toThrow(DataFolderInUseError);
    await expect(second).rejects.toThrow(`process ${process.pid}`);
    await first.close();
    await (await open()).close();
  }, 15_000);

  it('removes the half of a document that a kill left behind', async () => {
    const first = await open();
    await first.documents.put('things', 'a', 1);
    await first.close();
    const things = join(folder, 'documents', 'things');
    await writeFile(join(things, 'half.tmp'), '{"key":"b","docu');
    const second = await open();
    expect(await readdir(things)).toHaveLength(1);
    expect(await second.documents.list('things')).toEqual([{ key: 'a', document: 1 }]);
    await second.close();
  });

  it('names the file of a document that cannot be read', async () => {
    const storage = await open();
    await storage.documents.put('things', 'a', 1);
    const things = join(folder, 'documents', 'things');
    const [name = ''] = await readdir(things);
    await writeFile(join(things, name), '{');
    await expect(storage.documents.get('things', 'a')).rejects.toThrow(join(things, name));
    await storage.close();
  });

  it('takes over a lock that was not renewed', async () => {
    const first = await open();
    await first.close();
    await writeFile(join(folder, 'owner'), '1');
    await mkdir(join(folder, 'lock'));
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(join(folder, 'lock'), longAgo, longAgo);
    await (await open()).close();
  });
});
