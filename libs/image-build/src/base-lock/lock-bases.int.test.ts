import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BaseSource, type Digest, digestOf, RegistryError } from '@typerush/oci';
import { lockBases } from './lock-bases';
import { readBaseLock } from './base-lock';

let root: string;
/** The content that each tag points to, by reference. */
let tags: Record<string, string>;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'lock-'));
  tags = { 'r.io/node:26': 'node one', 'r.io/go:1': 'go one' };
  await dockerfile(
    'ARG NODE=r.io/node:26\nFROM ${NODE} AS build\nFROM r.io/go:1\nRUN true\nFROM ${NODE}\n',
  );
});
afterEach(() => rm(root, { recursive: true }));

const dockerfile = (text: string) => writeFile(path.join(root, 'Dockerfile'), text);
const lockFile = () => readFile(path.join(root, 'Dockerfile.lock.json'), 'utf8');

const bases: BaseSource = {
  async resolve(reference) {
    const content = tags[reference];
    if (content === undefined) {
      throw new RegistryError('UNREACHABLE', 'no answer', { host: 'r.io' });
    }
    const manifests: Record<string, Digest> = { 'linux/amd64': digestOf(`${content} amd64`) };
    return {
      reference,
      digest: digestOf(content),
      identity: content,
      standIn: false,
      platforms: Object.keys(manifests),
      manifests,
      load: () => Promise.reject(new Error('not expected')),
    };
  },
};

const lock = (dryRun = false) =>
  lockBases({ root, dockerfile: 'Dockerfile', args: {}, dryRun, bases });

describe('lockBases', () => {
  it('pins every base image of the Dockerfile, for each platform', async () => {
    const { data, text } = await lock();
    expect(await readBaseLock(root, 'Dockerfile')).toEqual({
      'r.io/node:26': {
        digest: digestOf('node one'),
        platforms: { 'linux/amd64': digestOf('node one amd64') },
      },
      'r.io/go:1': {
        digest: digestOf('go one'),
        platforms: { 'linux/amd64': digestOf('go one amd64') },
      },
    });
    expect(data).toMatchObject({
      file: 'Dockerfile.lock.json',
      changed: true,
      bases: [
        { reference: 'r.io/go:1', before: null, after: digestOf('go one') },
        { reference: 'r.io/node:26', before: null, platforms: ['linux/amd64'] },
      ],
    });
    expect(text).toContain('pinned');
  });

  it('reports the old and the new digest of a tag that has moved', async () => {
    await lock();
    tags['r.io/node:26'] = 'node two';
    const { text } = await lock();
    expect(text).toContain(`${digestOf('node one')} -> ${digestOf('node two')}`);
    expect(text).toMatch(/unchanged\S*\s+r\.io\/go:1/);
    expect(await lockFile()).toContain(digestOf('node two'));
  });

  it('writes nothing if no tag has moved', async () => {
    await lock();
    const file = path.join(root, 'Dockerfile.lock.json');
    // Another formatter may have written the file.
    await writeFile(file, JSON.stringify(JSON.parse(await lockFile())));
    const before = await lockFile();
    expect((await lock()).data).toMatchObject({ changed: false });
    expect(await lockFile()).toBe(before);
  });

  it('removes references that the Dockerfile no longer contains', async () => {
    await lock();
    await dockerfile('FROM r.io/node:26');
    expect((await lock()).text).toMatch(/removed.*r\.io\/go:1/);
    expect(Object.keys(await readBaseLock(root, 'Dockerfile'))).toEqual(['r.io/node:26']);
  });

  it('prints and writes nothing in a dry run', async () => {
    expect((await lock(true)).data).toMatchObject({ changed: true, dryRun: true });
    expect(await readdir(root)).toEqual(['Dockerfile']);
  });

  it('reports an unreachable registry, and changes nothing', async () => {
    await lock();
    const before = await lockFile();
    tags = { 'r.io/node:26': 'node two' };
    await expect(lock()).rejects.toMatchObject({
      code: 'BASE_UNAVAILABLE',
      message: expect.stringMatching(
        /base image.*r\.io[^]*\nDockerfile\.lock\.json was not changed/,
      ),
    });
    expect(await lockFile()).toBe(before);
  });

  it('rejects an invalid lock file and a missing Dockerfile, and changes nothing', async () => {
    await writeFile(path.join(root, 'Dockerfile.lock.json'), '<<<<<<< ours');
    await expect(lock()).rejects.toMatchObject({ code: 'BASE_LOCK_INVALID' });
    expect(await lockFile()).toBe('<<<<<<< ours');
    await rm(path.join(root, 'Dockerfile'));
    await expect(lock()).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });
});
