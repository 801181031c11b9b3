import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { digestOf } from '../digest';
import { openCollection } from '../document-store';
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

  it('removes the half of a document that a kill left behind, once the rest could be read', async () => {
    const first = await open();
    await first.documents.put('things', 'a', 1);
    await first.close();
    const things = join(folder, 'documents', 'things');
    await writeFile(join(things, `${randomUUID()}.tmp`), '{"key":"b","docu');
    await writeFile(join(things, 'notes.tmp'), 'not ours');
    const second = await open();
    expect(await second.documents.list('things')).toMatchObject([{ key: 'a', document: 1 }]);
    expect(await readdir(things)).toHaveLength(3);
    await second.documents.sweep();
    expect(await readdir(things)).toHaveLength(2);
    await second.close();
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"key":"a"}',
    '{"key":"a","document":null}',
    '{"key":"b","document":1}',
  ])('names the file of a document that contains %j', async (content) => {
    const storage = await open();
    await storage.documents.put('things', 'a', 1);
    const things = join(folder, 'documents', 'things');
    const [name = ''] = await readdir(things);
    await writeFile(join(things, name), content);
    await expect(storage.documents.get('things', 'a')).rejects.toThrow(join(things, name));
    await expect(storage.documents.list('things')).rejects.toThrow(join(things, name));
    await storage.close();
  });

  it('names the file of a document of another form', async () => {
    const storage = await open();
    await storage.documents.put('things', 'a', 'text');
    const [name = ''] = await readdir(join(folder, 'documents', 'things'));
    const collection = openCollection(storage.documents, 'things', z.number());
    await expect(collection.list()).rejects.toThrow(join(folder, 'documents', 'things', name));
    await storage.close();
  });

  it.each([0, 31, 33])('rejects a token secret of %d bytes and names its file', async (length) => {
    await (await open()).close();
    await writeFile(join(folder, 'token-secret'), Buffer.alloc(length));
    await expect(open()).rejects.toThrow(join(folder, 'token-secret'));
  });

  it('ignores what operating systems add, everywhere, and leaves it there', async () => {
    const first = await open();
    await first.documents.put('things', 'a', 1);
    const id = await first.uploads.begin('a-layers');
    const digest = digestOf(Buffer.from(''));
    await first.uploads.commit('a-layers', id, digest);
    await first.uploads.begin('a-layers');
    await first.close();
    const folders = [
      '',
      'documents',
      'documents/things',
      'blobs',
      'blobs/a-layers',
      'uploads',
      'uploads/a-layers',
    ];
    for (const each of folders) {
      await writeFile(join(folder, each, '.DS_Store'), 'Bud1');
      await writeFile(join(folder, each, `._a-${'0'.repeat(32)}.json`), 'AppleDouble');
      await mkdir(join(folder, each, 'lost+found'));
    }
    const second = await open();
    expect(await second.documents.list('things')).toHaveLength(1);
    await second.documents.sweep();
    expect(await second.uploads.expire(new Date(Date.now() + 60_000))).toBe(1);
    expect(await second.blobs.listBuckets()).toEqual(['a-layers']);
    expect(await second.blobs.list('a-layers')).toHaveLength(1);
    await second.blobs.dropBucket('a-layers');
    await second.close();
    for (const each of folders) {
      expect(await readdir(join(folder, each))).toEqual(
        expect.arrayContaining(['.DS_Store', 'lost+found']),
      );
    }
    expect(await readdir(join(folder, 'blobs', 'a-layers'))).toHaveLength(3);
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
