import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { digestOf, MEDIA_TYPE, RegistryClient } from '@typerush/oci';
import { MemoryRegistry, password } from '../../test/memory-registry';
import { writeBuiltImage, type BuiltImage } from '../built-image';
import { type ImageEngine } from '../engines/image-engine';
import { type Repository } from '../registry/repository';
import { type ServiceImage } from '../service-image';
import { pushService } from './push-service';
import { type PushRecord } from './push-files';

const time = '2026-11-21T10:00:00Z';
const credentials = { username: 'AWS', password };

let outDir: string;
let registry: MemoryRegistry;
let repository: Repository;
let sent: string[][];

beforeEach(async () => {
  outDir = await mkdtemp(path.join(tmpdir(), 'push-'));
  registry = new MemoryRegistry();
  await registry.start();
  sent = [];
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

/** A manifest of a content, as bytes that give its digest. */
const manifestOf = (content: string) =>
  Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf(content), size: 2 },
      layers: [{ mediaType: MEDIA_TYPE.ociLayerGzip, digest: digestOf(`z${content}`), size: 7 }],
    }),
  );

/** Sends manifests alone: the layers are the engines' own business, and their conformance suite's. */
const engine = (content: string): ImageEngine => ({
  name: 'docker',
  detect: () => Promise.resolve({ available: true, detail: '' }),
  build: () => Promise.reject(new Error('not asked')),
  async push(plan) {
    const tags = [...plan.tags.fixed, ...plan.tags.moving];
    sent.push(tags);
    const client = new RegistryClient(plan);
    for (const tag of tags) {
      await client.putManifest(plan.repository, tag, MEDIA_TYPE.ociManifest, manifestOf(content));
    }
    return { uploadedLayers: 1, presentLayers: 0 };
  },
});

const built = (content: string, changes: Partial<BuiltImage> = {}): BuiltImage => ({
  service: 'app',
  repository: 'team/app',
  engine: 'docker',
  location: 'team/app:build',
  digest: null,
  platforms: [
    {
      platform: 'linux/amd64',
      digest: null,
      configDigest: digestOf(content),
      layers: [{ digest: null, diffId: digestOf(`d${content}`), size: null, fromBase: false }],
    },
  ],
  base: { reference: 'node', digest: null, standIn: false },
  tags: [],
  ...changes,
});

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

async function push(content: string, situation: Situation = {}) {
  const { environment = 'dev', sha = 'abcdef0', dryRun = false, at = time } = situation;
  const report = await pushService(
    service(),
    { environment, dryRun },
    {
      engines: [engine(content)],
      repositories: { find: () => Promise.resolve(repository) },
      manifests: (found) => new RegistryClient(found),
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
    await writeBuiltImage(outDir, built('one'));
    const record = await push('one');
    expect(sent).toEqual([['dev-abcdef0', 'dev-20261121T100000Z', 'latest']]);
    const digest = digestOf(manifestOf('one'));
    const imageUri = `${repository.uri}@${digest}`;
    expect(record).toMatchObject({ digest, imageUri, unchanged: false });
    expect(await json('push.json')).toEqual(record);
    expect(await json('imagedefinitions.json')).toEqual([{ name: 'app', imageUri }]);
    expect(await json('imageDetail.json')).toEqual({ ImageURI: imageUri });
  });

  it('completes image.json with what only the registry knows', async () => {
    await writeBuiltImage(outDir, built('one'));
    await push('one');
    expect(await json('image.json')).toMatchObject({
      digest: digestOf(manifestOf('one')),
      platforms: [{ layers: [{ digest: digestOf('zone'), size: 7 }] }],
      tags: ['dev-abcdef0', 'dev-20261121T100000Z', 'latest'],
    });
  });

  it('does nothing when image and tags stand', async () => {
    await writeBuiltImage(outDir, built('one'));
    await push('one');
    await writeBuiltImage(outDir, built('one'));
    const manifests = [...registry.manifests.keys()];
    const record = await push('one', { at: '2026-11-21T11:00:00Z' });
    expect(record).toMatchObject({ unchanged: true, uploadedLayers: 0 });
    expect(record.tags.map(({ tag }) => tag)).toEqual(['dev-abcdef0', 'latest']);
    expect(sent).toHaveLength(1);
    expect([...registry.manifests.keys()]).toEqual(manifests);
  });

  it('gives unchanged content of another commit its tags without sending anything', async () => {
    await writeBuiltImage(outDir, built('one'));
    const first = await push('one');
    await writeBuiltImage(outDir, built('one'));
    const second = await push('one', { sha: 'fedcba9' });
    expect(second.digest).toBe(first.digest);
    expect(registry.digest('team/app', 'dev-fedcba9')).toBe(first.digest);
    expect(sent).toHaveLength(1);
  });

  it('sends nothing when an immutable tag stands on another image', async () => {
    repository = { ...repository, mutability: { imageTagMutability: 'IMMUTABLE' } };
    await writeBuiltImage(outDir, built('one'));
    const { digest } = await push('one', { environment: 'prod' });
    const before = new Map(registry.manifests);
    await writeBuiltImage(outDir, built('two'));
    const failure = push('two', { environment: 'prod', sha: 'fedcba9' });
    await expect(failure).rejects.toMatchObject({ code: 'TAG_IMMUTABLE' });
    const { message } = (await failure.catch((error: unknown) => error)) as Error;
    expect(message).toContain(`v1.2.3 stands on ${digest}`);
    expect(message).toContain(digestOf('two'));
    expect(message).toContain('apps/app/package.json');
    expect(registry.manifests).toEqual(before);
    expect(sent).toHaveLength(1);
  });

  it('prints a plan and changes nothing in a dry run, built or not', async () => {
    expect(await push('one', { dryRun: true })).toMatchObject({ dryRun: true, digest: null });
    await writeBuiltImage(outDir, built('one'));
    expect(await push('one', { dryRun: true })).toMatchObject({ upload: true });
    expect(registry.manifests.size).toBe(0);
    expect(await readdir(outDir)).toEqual(['image.json']);
  });

  it('needs an image', async () => {
    await expect(push('one')).rejects.toMatchObject({
      code: 'NOT_BUILT',
      message: expect.stringContaining('nx run app:docker-build'),
    });
  });

  it('lets no stand-in into prod', async () => {
    const base = { reference: 'node', digest: null, standIn: true };
    await writeBuiltImage(outDir, built('one', { base }));
    await expect(push('one', { environment: 'prod' })).rejects.toMatchObject({
      code: 'STAND_IN_FOR_PROD',
    });
    expect(registry.manifests.size).toBe(0);
  });
});
