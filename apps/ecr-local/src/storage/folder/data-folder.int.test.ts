import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { digestOf } from '../digest';
import { DataFolderError } from './data-folder';
import { openFolderStorage } from './folder-storage';

let root: string;
let folder: string;
const open = () =>
  openFolderStorage(folder, (error) => {
    throw error;
  });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ecr-local-'));
  folder = join(root, 'data');
});
afterEach(() => rm(root, { recursive: true }));

async function add(path: string, content: string | Uint8Array = 'x') {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

const listing = async () => (await readdir(folder, { recursive: true })).sort();

/** A folder as a version without the mark left it. */
async function makeFormerFolder() {
  const storage = await open();
  await storage.documents.put('repositories', 'team/app', { name: 'team/app' });
  const bucket = `${randomUUID()}-layers`;
  await storage.uploads.commit(
    bucket,
    await storage.uploads.begin(bucket),
    digestOf(Buffer.from('')),
  );
  await storage.uploads.begin(bucket);
  await storage.close();
  await rm(join(folder, 'ecr-local.json'));
}

describe('a data folder', () => {
  it('is marked when it is new, and opens again', async () => {
    await (await open()).close();
    expect(JSON.parse(await readFile(join(folder, 'ecr-local.json'), 'utf8'))).toMatchObject({
      application: 'ecr-local',
    });
    await (await open()).close();
  });

  it('may be one that the operating system has put files into', async () => {
    await add('.DS_Store');
    await add('._x');
    await mkdir(join(folder, 'lost+found'));
    await (await open()).close();
  });

  it.each([
    'letter.txt',
    'blobs',
    'blobs/photo.jpg',
    'blobs/holiday/photo.jpg',
    `blobs/${randomUUID()}-layers/photo.jpg`,
    `blobs/${'0'.repeat(64)}`,
    'uploads/holiday/photo.jpg',
    `uploads/${randomUUID()}`,
    'documents/letter.json',
    'documents/letters/letter.json',
    'documents/repositories/letter.txt',
    'documents/repositories/half.tmp',
    'documents/repositories/deeper/letter.json',
    'token-secret',
    'owner',
    'lock',
    'constructor',
  ])('that contains %s but no mark is rejected and not changed', async (path) => {
    await add(path);
    const before = await listing();
    await expect(open()).rejects.toThrow(DataFolderError);
    const message = String(await open().catch((error: unknown) => error));
    const [, named = ''] = /create it\. (.*) is not a file/.exec(message) ?? [];
    expect(named.startsWith(`${folder}/`)).toBe(true);
    expect(join(folder, path).startsWith(named)).toBe(true);
    expect(await listing()).toEqual(before);
  });

  it('of a version without the mark is adopted with everything in it', async () => {
    await makeFormerFolder();
    const before = await listing();
    const storage = await open();
    expect(await storage.documents.list('repositories')).toHaveLength(1);
    expect(await storage.blobs.listBuckets()).toHaveLength(1);
    await storage.close();
    expect(await listing()).toEqual([...before, 'ecr-local.json'].sort());
  });

  it.each(['null', '{"key":"other","document":{}}', ''])(
    'of a version without the mark is rejected if a document contains %j',
    async (content) => {
      await makeFormerFolder();
      const [document = ''] = await readdir(join(folder, 'documents/repositories'));
      await add(join('documents/repositories', document), content);
      const before = await listing();
      await expect(open()).rejects.toThrow(join(folder, 'documents/repositories', document));
      expect(await listing()).toEqual(before);
    },
  );

  it('with one foreign file anywhere beside former data is rejected', async () => {
    await makeFormerFolder();
    const former = join(root, 'former');
    await cp(folder, former, { recursive: true });
    const folders = (await readdir(former, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(former.length));
    const name = fc
      .stringMatching(/^[a-z0-9._~-]{1,40}$/)
      .filter((text) => !/^\.{1,2}$|^\._|^\.DS_Store$/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('', ...folders), name, async (where, text) => {
        await rm(folder, { recursive: true });
        await cp(former, folder, { recursive: true });
        await add(join(where, `${text} copy`));
        await expect(open()).rejects.toThrow(DataFolderError);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['', 'is not a mark'],
    ['{}', 'is not a mark'],
    ['{"application":"other","format":1}', 'is not a mark'],
    ['{"application":"ecr-local","format":999}', 'newer ecr-local'],
  ])('with the mark %j is rejected', async (mark, reason) => {
    await (await open()).close();
    await writeFile(join(folder, 'ecr-local.json'), mark);
    await expect(open()).rejects.toThrow(reason);
  });
});
