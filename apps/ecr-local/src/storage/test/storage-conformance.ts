import { text } from 'node:stream/consumers';
import { digestOf } from '../digest';
import { type Storage } from '../storage';

async function* bytesOf(...chunks: string[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function* failing() {
  yield Buffer.from('ab');
  throw new Error('the client went away');
}

const digest = digestOf(Buffer.from('hello world'));
const unknownUpload = '00000000-0000-4000-8000-000000000000';

/** The conformance suite of every storage. */
export function describeStorage(open: () => Promise<Storage>): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  afterEach(() => storage.close());

  const upload = async (bucket = 'a-layers') => {
    const id = await storage.uploads.begin(bucket);
    await storage.uploads.append(bucket, id, 0, bytesOf('hello ', 'world'));
    return id;
  };

  describe('documents', () => {
    it('gives back what was put, and the last of two puts', async () => {
      await storage.documents.put('things', 'a/b', { n: 1 });
      await storage.documents.put('things', 'a/b', { n: 2, é: ['ü'] });
      expect(await storage.documents.get('things', 'a/b')).toEqual({ n: 2, é: ['ü'] });
    });

    it('keeps apart keys that differ in case, in a special character or past a file name’s length', async () => {
      const keys = ['a', 'A', 'a/b', 'a~b', '../a', `${'x'.repeat(300)}1`, `${'x'.repeat(300)}2`];
      for (const key of keys) await storage.documents.put('things', key, key);
      for (const key of keys) expect(await storage.documents.get('things', key)).toBe(key);
    });

    it('lists a collection by key, and no other collection', async () => {
      for (const key of ['b', 'a', 'B']) await storage.documents.put('things', key, { key });
      await storage.documents.put('others', 'c', {});
      const keys = (await storage.documents.list('things')).map(({ key }) => key);
      expect(keys).toEqual(['B', 'a', 'b']);
      expect(await storage.documents.list('nothing')).toEqual([]);
    });

    it('reports whether there was something to delete', async () => {
      await storage.documents.put('things', 'a', 1);
      expect(await storage.documents.delete('things', 'a')).toBe(true);
      expect(await storage.documents.delete('things', 'a')).toBe(false);
      expect(await storage.documents.get('things', 'a')).toBeUndefined();
    });
  });

  describe('blobs', () => {
    it('holds what was uploaded, whole and in ranges', async () => {
      expect(await storage.uploads.commit('a-layers', await upload(), digest)).toBe('stored');
      const read = async (range?: { start: number; end: number }) =>
        text(await storage.blobs.read('a-layers', digest, range));
      expect(await storage.blobs.stat('a-layers', digest)).toMatchObject({ digest, size: 11 });
      expect(await read()).toBe('hello world');
      expect(await read({ start: 6, end: 8 })).toBe('wor');
    });

    it('takes the empty blob, and the same blob twice', async () => {
      const empty = digestOf(Buffer.alloc(0));
      const ids = [
        await storage.uploads.begin('a-layers'),
        await storage.uploads.begin('a-layers'),
      ];
      for (const id of ids) {
        expect(await storage.uploads.commit('a-layers', id, empty)).toBe('stored');
      }
      expect(await storage.blobs.list('a-layers')).toEqual([{ digest: empty, size: 0 }]);
      expect(await storage.blobs.stat('a-layers', empty)).toMatchObject({ digest: empty, size: 0 });
    });

    it('keeps buckets apart, and drops one as a whole', async () => {
      await storage.uploads.commit('a-layers', await upload(), digest);
      expect(await storage.blobs.stat('b-layers', digest)).toBeUndefined();
      expect(await storage.blobs.listBuckets()).toEqual(['a-layers']);
      await storage.blobs.dropBucket('b-layers');
      await storage.blobs.dropBucket('a-layers');
      expect(await storage.blobs.stat('a-layers', digest)).toBeUndefined();
    });

    it('stores bytes that are at hand', async () => {
      await storage.blobs.put('a-layers', digest, Buffer.from('hello world'));
      expect(await text(await storage.blobs.read('a-layers', digest))).toBe('hello world');
    });

    it('expires those that are old and not kept', async () => {
      const kept = digestOf(Buffer.from('kept'));
      await storage.uploads.commit('a-layers', await upload(), digest);
      await storage.blobs.put('a-layers', kept, Buffer.from('kept'));
      const expire = (msFromNow: number) =>
        storage.blobs.expire('a-layers', new Date(Date.now() + msFromNow), (d) => d === kept);
      expect(await expire(-60_000)).toEqual({ expired: 0, left: 2 });
      expect(await expire(60_000)).toEqual({ expired: 1, left: 1 });
      expect(await storage.blobs.list('a-layers')).toEqual([{ digest: kept, size: 4 }]);
    });
  });

  describe('logs', () => {
    const all = async () =>
      (await storage.logs.load()).map(({ key, records }) => ({ key, records }));

    it('keeps what was appended, in order', async () => {
      await storage.logs.replace('a', [[{ n: 1 }], [{ n: 2 }, { é: 'ü\n' }]]);
      await storage.logs.append('a', [{ n: 3 }, { n: 4 }]);
      await storage.logs.append('a', [{ n: 5 }]);
      const records = [{ n: 1 }, { n: 2 }, { é: 'ü\n' }, { n: 3 }, { n: 4 }, { n: 5 }];
      expect(await all()).toEqual([{ key: 'a', records }]);
    });

    it('replaces a log, and appends to the new one', async () => {
      await storage.logs.replace('a', [[1], [2]]);
      await storage.logs.append('a', [3]);
      await storage.logs.replace('a', [[4]]);
      await storage.logs.append('a', [5]);
      expect(await all()).toEqual([{ key: 'a', records: [4, 5] }]);
    });

    it('keeps logs apart, and deletes one', async () => {
      await storage.logs.replace('a', [[1]]);
      await storage.logs.replace('b', [[2]]);
      await storage.logs.delete('a');
      await storage.logs.delete('a');
      expect(await all()).toEqual([{ key: 'b', records: [2] }]);
      await expect(storage.logs.append('a', [3])).rejects.toThrow('no log a');
    });
  });

  describe('uploads', () => {
    it('accepts a chunk only at the end of the previous one', async () => {
      const id = await storage.uploads.begin('a-layers');
      const append = (offset: number | undefined, bytes: string) =>
        storage.uploads.append('a-layers', id, offset, bytesOf(bytes));
      expect(await append(0, 'hello')).toBe(5);
      expect(await append(4, 'o world')).toBe('out-of-order');
      expect(await append(6, 'world')).toBe('out-of-order');
      expect(await append(undefined, ' world')).toBe(11);
      expect(await storage.uploads.size('a-layers', id)).toBe(11);
      expect(await storage.uploads.commit('a-layers', id, digest)).toBe('stored');
    });

    it('keeps what arrived before the source failed', async () => {
      const id = await storage.uploads.begin('a-layers');
      await expect(storage.uploads.append('a-layers', id, 0, failing())).rejects.toThrow(
        'went away',
      );
      expect(await storage.uploads.size('a-layers', id)).toBe(2);
    });

    it('stores nothing under a digest that is not the bytes’ own', async () => {
      const id = await upload();
      const wrong = digestOf(Buffer.from('other'));
      expect(await storage.uploads.commit('a-layers', id, wrong)).toBe('digest-mismatch');
      expect(await storage.blobs.stat('a-layers', wrong)).toBeUndefined();
      expect(await storage.uploads.size('a-layers', id)).toBeUndefined();
    });

    it('knows an upload in its own bucket only, and until it is over', async () => {
      const id = await upload('a-layers');
      expect(await storage.uploads.size('b-layers', id)).toBeUndefined();
      expect(await storage.uploads.commit('b-layers', id, digest)).toBe('unknown-upload');
      expect(await storage.uploads.cancel('a-layers', id)).toBe(true);
      expect(await storage.uploads.cancel('a-layers', id)).toBe(false);
      expect(await storage.uploads.commit('a-layers', id, digest)).toBe('unknown-upload');
    });

    it.each([unknownUpload, '../../secret', '', 'a-layers'])('knows no upload %j', async (id) => {
      expect(await storage.uploads.size('a-layers', id)).toBeUndefined();
      expect(await storage.uploads.append('a-layers', id, 0, bytesOf('x'))).toBeUndefined();
      expect(await storage.uploads.cancel('a-layers', id)).toBe(false);
    });

    it('runs two chunks for the same place one after the other, so that one is out of order', async () => {
      const id = await storage.uploads.begin('a-layers');
      const both = await Promise.all(
        ['aa', 'bb'].map((chunk) => storage.uploads.append('a-layers', id, 0, bytesOf(chunk))),
      );
      expect(both).toEqual([2, 'out-of-order']);
    });

    it('lists those that are not over', async () => {
      const id = await upload();
      const other = await upload('b-layers');
      await storage.uploads.commit('a-layers', await upload(), digest);
      const listed = await storage.uploads.list();
      expect(listed).toHaveLength(2);
      expect(listed).toEqual(
        expect.arrayContaining([
          { bucket: 'a-layers', uploadId: id, size: 11 },
          { bucket: 'b-layers', uploadId: other, size: 11 },
        ]),
      );
    });

    it('expires those last written to before a date', async () => {
      const id = await upload();
      expect(await storage.uploads.expire(new Date(Date.now() - 60_000))).toBe(0);
      expect(await storage.uploads.size('a-layers', id)).toBe(11);
      expect(await storage.uploads.expire(new Date(Date.now() + 60_000))).toBe(1);
      expect(await storage.uploads.size('a-layers', id)).toBeUndefined();
    });
  });
}
