import fc from 'fast-check';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type Storage } from '../storage/storage';
import { Images, type StoredImage } from './images';
import { createRefusals } from './refusals';
import { type Repository } from './repository';
import { openRepositoryStore } from './repository-store';

const refusals = createRefusals('000000000000');
const name = 'team/app';
let now: number;
let delays: unknown[];

const open = (storage: Storage) =>
  openRepositoryStore({
    storage,
    refusals,
    clock: () => new Date(now),
    onDelay: (error) => delays.push(error),
  });

beforeEach(() => {
  now = Date.parse('2026-01-01T00:00:00Z');
  delays = [];
});

const settings = {
  id: 'an-id',
  name,
  createdAt: '2026-01-01T00:00:00.000Z',
  imageTagMutability: 'MUTABLE' as const,
  scanOnPush: false,
  encryption: { encryptionType: 'AES256' as const },
  resourceTags: [],
};
const newRepository = (): Repository => ({ ...settings, images: new Images() });

const image = (n: number, tags: string[] = []): StoredImage => ({
  digest: `sha256:${n}`,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  manifestSize: n,
  size: n,
  pushedAt: '2026-01-01T00:00:00.000Z',
  tags,
  blobs: [],
  children: [],
});

/** All that can be seen of a repository. */
function seen({ images, ...rest }: Repository) {
  return {
    ...rest,
    images: images.values(),
    tags: images.tags().sort(),
    pulls: images.recordedPulls(),
  };
}

const recordsOf = async (storage: Storage) => (await storage.logs.load())[0]?.records ?? [];

describe('the repository store', () => {
  it('is after a restart what it was before, whatever was done', async () => {
    const step = fc.oneof(
      fc.record({ put: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ remove: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ pull: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ policy: fc.string() }),
      fc.constant({ recreate: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const storage = createMemoryStorage();
        const store = await open(storage);
        await store.create(newRepository());
        for (const each of steps) {
          now += 61_000;
          if ('put' in each) {
            await store.changeImages(name, (draft) => draft.put(image(each.put, [`t${each.put}`])));
          } else if ('remove' in each) {
            await store.changeImages(name, (draft) => draft.remove(`sha256:${each.remove}`));
          } else if ('pull' in each) store.recordPull(store.get(name), `sha256:${each.pull}`);
          else if ('policy' in each) {
            await store.update(name, (current) => ({ ...current, policy: each.policy }));
          } else {
            await store.remove(name, () => undefined);
            await store.create(newRepository());
          }
        }
        await store.flush();
        const again = await open(storage);
        expect(seen(again.get(name))).toEqual(seen(store.get(name)));
      }),
      { numRuns: 60 },
    );
  });

  it('writes a number of records for a change that does not grow with the number of images', async () => {
    const storage = createMemoryStorage();
    const store = await open(storage);
    await store.create(newRepository());
    const written: number[] = [];
    const { append } = storage.logs;
    storage.logs.append = (key, records) => {
      written.push(records.length);
      return append(key, records);
    };
    for (let n = 0; n < 2_000; n += 1) {
      await store.changeImages(name, (draft) => draft.put(image(n, [`t${n}`])));
    }
    now += 61_000;
    store.recordPull(store.get(name), 'sha256:1');
    await store.flush();
    expect(new Set(written)).toEqual(new Set([1]));
  });

  it('keeps the log short, however often an image changes', async () => {
    const storage = createMemoryStorage();
    const store = await open(storage);
    await store.create(newRepository());
    for (let n = 0; n < 3_000; n += 1) {
      await store.changeImages(name, (draft) => draft.put(image(1, [`t${n}`])));
    }
    expect((await recordsOf(storage)).length).toBeLessThan(600);
    expect((await open(storage)).get(name).images.tagged('t2999')?.digest).toBe('sha256:1');
  });

  it('changes nothing in memory when the write fails or the change throws', async () => {
    const storage = createMemoryStorage();
    const store = await open(storage);
    await store.create(newRepository());
    await store.changeImages(name, (draft) => draft.put(image(1, ['a'])));
    const before = seen(store.get(name));
    const thrown = store.changeImages(name, (draft) => {
      draft.remove('sha256:1');
      throw new Error('refused');
    });
    await expect(thrown).rejects.toThrow('refused');
    storage.logs.append = () => Promise.reject(new Error('full'));
    await expect(store.changeImages(name, (draft) => draft.remove('sha256:1'))).rejects.toThrow(
      'full',
    );
    await expect(store.update(name, (it) => ({ ...it, policy: 'p' }))).rejects.toThrow('full');
    expect(seen(store.get(name))).toEqual(before);
  });

  it('writes pulls together and later, and again after a failure', async () => {
    jest.useFakeTimers();
    try {
      const storage = createMemoryStorage();
      const store = await open(storage);
      await store.create(newRepository());
      await store.changeImages(name, (draft) => [1, 2].map((n) => draft.put(image(n))));
      const { append } = storage.logs;
      const records = (await recordsOf(storage)).length;
      storage.logs.append = () => Promise.reject(new Error('full'));
      for (const n of [1, 2, 1, 2, 9]) store.recordPull(store.get(name), `sha256:${n}`);
      expect(store.get(name).images.lastPull('sha256:1')).toBe('2026-01-01T00:00:00.000Z');
      await jest.advanceTimersByTimeAsync(5_000);
      expect(delays).toEqual([new Error('full')]);
      storage.logs.append = append;
      await jest.advanceTimersByTimeAsync(5_000);
      const at = '2026-01-01T00:00:00.000Z';
      const all = await recordsOf(storage);
      expect(all.slice(records)).toEqual([{ pulled: { 'sha256:1': at, 'sha256:2': at } }]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('rejects a second log of the same repository', async () => {
    const storage = createMemoryStorage();
    await (await open(storage)).create(newRepository());
    await storage.logs.replace('other', [[{ settings: { ...settings, id: 'other' } }]]);
    await expect(open(storage)).rejects.toThrow("second log of the repository 'team/app'");
  });

  it.each([[[]], [[{ image: image(1) }]], [[{ settings: { ...settings, id: 'other' } }]]])(
    'rejects a log without the settings of its repository: %j',
    async (records) => {
      const storage = createMemoryStorage();
      await storage.logs.replace('an-id', [records]);
      await expect(open(storage)).rejects.toThrow("the log 'an-id' is not the log of a repository");
    },
  );
});

describe('a repository in one document, as earlier versions wrote it', () => {
  const former = {
    ...settings,
    policy: 'p',
    images: [{ ...image(1, ['a', 'b']), pulledAt: '2026-01-01T00:00:00.000Z' }, image(2)],
  };

  const expectMoved = async (storage: Storage) => {
    const { images } = (await open(storage)).get(name);
    expect(images.values()).toEqual([image(1, ['a', 'b']), image(2)]);
    expect(images.recordedPulls()).toEqual([['sha256:1', '2026-01-01T00:00:00.000Z']]);
    expect(await storage.documents.list('repositories')).toEqual([]);
  };

  it('moves to a log', async () => {
    const storage = createMemoryStorage();
    await storage.documents.put('repositories', name, former);
    await expectMoved(storage);
    await expectMoved(storage);
  });

  it('moves at the next start if a kill came before the document was deleted', async () => {
    const storage = createMemoryStorage();
    await storage.documents.put('repositories', name, former);
    const { delete: remove } = storage.documents;
    storage.documents.delete = () => Promise.reject(new Error('killed'));
    await expect(open(storage)).rejects.toThrow('killed');
    storage.documents.delete = remove;
    await expectMoved(storage);
  });

  it('stays with all others if one of them is damaged', async () => {
    const storage = createMemoryStorage();
    await storage.documents.put('repositories', name, former);
    await storage.documents.put('repositories', 'z', { ...former, images: null });
    await expect(open(storage)).rejects.toThrow("'z' in 'repositories'");
    expect(await storage.documents.list('repositories')).toHaveLength(2);
    expect(await storage.logs.load()).toEqual([]);
  });
});
