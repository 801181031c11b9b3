import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { RegistryClient } from '@typerush/oci';
import { buildSample } from '../../test/built-sample';
import { MemoryRegistry, password } from '../../test/memory-registry';
import { type BuiltImage } from '../built-image';
import { type Repository } from '../registry/repository';
import { type ServiceImage } from '../service-image';
import { pushService } from './push-service';
import { type PushRecord } from './push-files';

const time = '2026-11-21T10:00:00Z';
const credentials = { username: 'AWS', password };

let outDir: string;
let registry: MemoryRegistry;
let repository: Repository;

beforeEach(async () => {
  outDir = await mkdtemp(path.join(tmpdir(), 'push-'));
  registry = new MemoryRegistry();
  await registry.start();
  repository = {
    name: 'team/app',
    uri: `${registry.host}/team/app`,
    host: registry.host,
    scheme: 'http',
    path: 'team/app',
    credentials,
    mutability: { imageTagMutability: 'MUTABLE' },
  };
});
afterEach(async () => {
  await registry.stop();
  await rm(outDir, { recursive: true });
});

const build = (content: string, base?: BuiltImage['base']) =>
  buildSample(outDir, { content, base });

const service = (): ServiceImage => ({
  project: 'app',
  workspaceRoot: '/nowhere',
  projectRoot: 'apps/app',
  config: {
    repository: 'app',
    retention: 'environment',
    port: 3000,
    health: '/',
    platforms: ['linux/amd64'],
  },
  namespace: 'team',
  repository: 'team/app',
  version: '1.2.3',
  outDir,
});

interface Situation {
  readonly environment?: Environment;
  readonly sha?: string;
  readonly dryRun?: boolean;
  readonly at?: string;
}

async function push(situation: Situation = {}) {
  const { environment = 'dev', sha = 'abcdef0', dryRun = false, at = time } = situation;
  const report = await pushService(
    service(),
    { environment, dryRun },
    {
      repositories: { find: () => Promise.resolve(repository) },
      client: (found) => new RegistryClient(found),
      commit: () => Promise.resolve({ sha, dirty: false }),
      now: () => new Date(at),
      narrator: { progress: () => undefined, note: () => undefined },
    },
  );
  return report.data as PushRecord;
}

const json = async (file: string) => JSON.parse(await readFile(path.join(outDir, file), 'utf8'));

describe('a push', () => {
  it('sets fixed tags before moving ones and writes what was pushed', async () => {
    const { digest } = await build('one');
    const record = await push();
    expect(registry.tagsSet).toEqual(['dev-abcdef0', 'dev-20261121T100000Z', 'latest']);
    const imageUri = `${repository.uri}@${digest}`;
    expect(record).toMatchObject({ digest, imageUri, unchanged: false, uploadedLayers: 2 });
    expect(await json('push.json')).toEqual(record);
    expect(await json('imagedefinitions.json')).toEqual([{ name: 'app', imageUri }]);
    expect(await json('imageDetail.json')).toEqual({ ImageURI: imageUri });
  });

  it('leaves image.json as docker-build wrote it', async () => {
    const image = await build('one');
    await push();
    expect(await json('image.json')).toEqual(image);
  });

  it('does nothing when image and tags stand', async () => {
    await build('one');
    await push();
    const manifests = [...registry.manifests.keys()];
    const record = await push({ at: '2026-11-21T11:00:00Z' });
    expect(record).toMatchObject({ unchanged: true, uploadedLayers: 0 });
    expect(record.tags.map(({ tag }) => tag)).toEqual(['dev-abcdef0', 'latest']);
    expect([...registry.manifests.keys()]).toEqual(manifests);
  });

  it('gives unchanged content of another commit its tags without sending anything', async () => {
    await build('one');
    const first = await push();
    const { uploads } = registry;
    const second = await push({ sha: 'fedcba9' });
    expect(second.digest).toBe(first.digest);
    expect(registry.digest('team/app', 'dev-fedcba9')).toBe(first.digest);
    expect(registry.uploads).toBe(uploads);
  });

  it('sends nothing when an immutable tag stands on another image', async () => {
    repository = { ...repository, mutability: { imageTagMutability: 'IMMUTABLE' } };
    await build('one');
    const { digest } = await push({ environment: 'prod' });
    const before = new Map(registry.manifests);
    const { uploads } = registry;
    const other = await build('two');
    const failure = push({ environment: 'prod', sha: 'fedcba9' });
    await expect(failure).rejects.toMatchObject({ code: 'TAG_IMMUTABLE' });
    const { message } = (await failure.catch((error: unknown) => error)) as Error;
    expect(message).toContain(`v1.2.3 stands on ${digest}`);
    expect(message).toContain(other.digest);
    expect(message).toContain('apps/app/package.json');
    expect(registry.manifests).toEqual(before);
    expect(registry.uploads).toBe(uploads);
  });

  it('prints a plan and changes nothing in a dry run, built or not', async () => {
    expect(await push({ dryRun: true })).toMatchObject({ dryRun: true, digest: null });
    const { digest } = await build('one');
    expect(await push({ dryRun: true })).toMatchObject({ upload: true, digest });
    expect(registry.manifests.size).toBe(0);
    expect((await readdir(outDir)).sort()).toEqual(['image.json', 'oci']);
  });

  it('needs an image', async () => {
    await expect(push()).rejects.toMatchObject({
      code: 'NOT_BUILT',
      message: expect.stringContaining('nx run app:docker-build'),
    });
  });

  it('lets no stand-in into prod', async () => {
    await build('one', { reference: 'node', digest: null, standIn: true });
    await expect(push({ environment: 'prod' })).rejects.toMatchObject({
      code: 'STAND_IN_FOR_PROD',
    });
    expect(registry.manifests.size).toBe(0);
  });
});
