import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import {
  CreateRepositoryCommand,
  GetAuthorizationTokenCommand,
  PutAccountSettingCommand,
} from '@aws-sdk/client-ecr';
import {
  attachArtifact,
  dockerCredentials,
  fetchArtifact,
  listReferrers,
  RegistryClient,
  type CredentialSource,
  type RetryEvent,
} from '@typerush/oci';
import { pushImage } from '@typerush/oci/testing';
import { DockerRegistry } from './support/docker-registry';
import { FaultProxy } from './support/fault-proxy';
import { LocalRegistry } from './support/local-registry';
import { randomImage, type RandomImage } from './support/random-image';
import { run, runOk } from './support/run';
import { Tmpfs } from './support/tmpfs';
import { WorkspaceCopy } from './support/workspace-copy';

const MB = 1024 * 1024;
/** One layer larger than a chunk of an upload, one smaller. */
const sizes = [12 * MB, MB];
const tags = { fixed: ['v1'], moving: ['latest'] };

interface TestRegistry {
  readonly host: string;
  readonly credentials: { readonly username: string; readonly password: string };
  /** Whether an upload session survives a broken connection. */
  readonly resumes: boolean;
  prepare(repository: string): Promise<unknown>;
  stop(): Promise<void>;
}

async function startEcrLocal(): Promise<TestRegistry> {
  const workspace = await WorkspaceCopy.create();
  const registry = await LocalRegistry.start(workspace);
  const { ecr } = registry;
  await ecr.send(new PutAccountSettingCommand({ name: 'BLOB_MOUNTING', value: 'ENABLED' }));
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const token = authorizationData?.[0]?.authorizationToken ?? '';
  const [username = '', password = ''] = Buffer.from(token, 'base64').toString().split(':');
  return {
    host: `127.0.0.1:${registry.port}`,
    credentials: { username, password },
    resumes: true,
    prepare: (repositoryName) => ecr.send(new CreateRepositoryCommand({ repositoryName })),
    stop: async () => {
      await registry.stop();
      await workspace.remove();
    },
  };
}

async function startDockerRegistry(): Promise<TestRegistry> {
  const registry = await DockerRegistry.start();
  const { host, credentials } = registry;
  return {
    host,
    credentials,
    // Distribution 2.8 drops an upload session whose chunk was interrupted.
    resumes: false,
    prepare: () => Promise.resolve(),
    stop: () => registry.stop(),
  };
}

let folder: string;
let image: RandomImage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registries-'));
  image = await randomImage(join(folder, 'image'), sizes);
});
afterAll(() => rm(folder, { recursive: true }));

const allBytes = () => image.blobs.reduce((sum, { size }) => sum + size, 0);

/** A folder with a config.json in which Docker and similar clients look up credentials. */
async function configFolder(name: string, config: object): Promise<string> {
  const dir = join(folder, name);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'config.json'), JSON.stringify(config));
  return dir;
}

describe.each([
  { name: 'ecr-local', start: startEcrLocal },
  { name: 'docker-registry 2.8', start: startDockerRegistry },
])('$name', ({ name, start }) => {
  let registry: TestRegistry;
  let proxy: FaultProxy;
  beforeAll(async () => {
    registry = await start();
    proxy = await FaultProxy.start(registry.host);
  });
  afterAll(async () => {
    await proxy?.stop();
    await registry?.stop();
  });
  beforeEach(() => proxy.heal());

  const retries: RetryEvent[] = [];
  const client = () => {
    retries.length = 0;
    const onRetry = (event: RetryEvent) => retries.push(event);
    return new RegistryClient({ host: proxy.host, credentials: registry.credentials, onRetry });
  };
  const push = async (repository: string, mountFrom: string[] = []) => {
    await registry.prepare(repository);
    return pushImage({ ...image, client: client(), repository, tags, mountFrom });
  };

  it('stores a complete image that docker, podman, buildah and skopeo read', async () => {
    await push('team/read');
    const reference = `${registry.host}/team/read:v1`;
    const { username, password } = registry.credentials;
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    const config = await configFolder(name.slice(0, 3), { auths: { [registry.host]: { auth } } });
    const file = join(config, 'config.json');

    const copy = `dir:${join(folder, `copy-${name.slice(0, 3)}`)}`;
    const skopeo = ['copy', '--src-tls-verify=false', `--src-authfile=${file}`];
    await runOk('skopeo', [...skopeo, `docker://${reference}`, copy]);

    await runOk('docker', ['--config', config, 'pull', '--quiet', reference]);
    const format = '{{json .RepoDigests}}';
    expect(await runOk('docker', ['inspect', '--format', format, reference])).toContain(
      image.digest,
    );
    await runOk('docker', ['rmi', reference]);

    await runOk('podman', ['pull', '-q', '--tls-verify=false', `--authfile=${file}`, reference]);
    const { stdout } = await run('podman', ['inspect', '--format', '{{.Digest}}', reference]);
    expect(stdout.trim()).toBe(image.digest);
    await runOk('podman', ['rmi', reference]);

    const id = await runOk('buildah', [
      'pull',
      '-q',
      '--tls-verify=false',
      `--authfile=${file}`,
      reference,
    ]);
    const digest = ['inspect', '--type', 'image', '--format', '{{.FromImageDigest}}', id.trim()];
    expect(await runOk('buildah', digest)).toContain(image.digest);
    await runOk('buildah', ['rmi', id.trim()]);
  });

  it('takes the images that podman, buildah and skopeo push', async () => {
    await push('team/source');
    const source = `${registry.host}/team/source:v1`;
    const { username, password } = registry.credentials;
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    const folderName = `push-${name.slice(0, 3)}`;
    const config = await configFolder(folderName, { auths: { [registry.host]: { auth } } });
    const access = ['--tls-verify=false', `--authfile=${join(config, 'config.json')}`];
    for (const tool of ['podman', 'buildah', 'skopeo']) {
      await registry.prepare(`team/${tool}`);
      const target = `docker://${registry.host}/team/${tool}:v1`;
      if (tool === 'skopeo') {
        const insecure = ['--src-tls-verify=false', '--dest-tls-verify=false', access[1] ?? ''];
        await runOk(tool, ['copy', ...insecure, `docker://${source}`, target]);
      } else {
        await runOk(tool, ['pull', '-q', ...access, source]);
        await runOk(tool, ['push', '-q', ...access, source, target]);
        await runOk(tool, ['rmi', source]);
      }
      const pushed = await client().headManifest(`team/${tool}`, 'v1');
      expect(pushed?.digest).toBeDefined();
      await runOk('skopeo', [
        'copy',
        '--src-tls-verify=false',
        access[1] ?? '',
        target,
        `dir:${join(folder, `${folderName}-${tool}`)}`,
      ]);
    }
  });

  it('gets an image despite a connection that breaks in the middle', async () => {
    proxy.after(10 * MB, () => proxy.cut());
    expect(await push('team/cut')).toMatchObject({ digest: image.digest });
    expect(retries.length).toBeGreaterThan(0);
    const again = proxy.sentBytes - allBytes();
    // A chunk is 8 MiB: it is sent once, unless the registry has dropped the session.
    if (registry.resumes) expect(again).toBeLessThan(5 * MB);
    else expect(again).toBeGreaterThan(8 * MB);
    const [layer] = image.blobs;
    if (!layer) throw new Error('an image has layers');
    for await (const _ of await client().getBlob('team/cut', layer)) void _;
  });

  it('gets nothing that is present, and mounts blobs of another repository', async () => {
    await push('team/first');
    await proxy.heal();
    expect(await push('team/second', ['team/first'])).toMatchObject({
      uploadedBytes: 0,
      mountedBytes: allBytes(),
    });
    expect(proxy.finishedBlobs).toEqual([]);
    await proxy.heal();
    const again = pushImage({ ...image, client: client(), repository: 'team/second', tags });
    expect(await again).toMatchObject({ uploadedBytes: 0, presentBytes: allBytes() });
    expect(proxy.requests.filter((line) => !/^(HEAD|GET) /.test(line))).toEqual([]);
  });

  it('lists the referrers of an image by type, and returns them', async () => {
    const repository = 'team/attached';
    await push(repository);
    const [subject] = await image.layout.images();
    if (!subject) throw new Error('the layout has an image');
    const layers = [{ mediaType: 'application/json', bytes: Buffer.from('{"a":1}') }];
    const attach = (artifactType: string) =>
      attachArtifact({ client: client(), repository, subject, artifactType, layers });
    const sbom = await attach('application/vnd.cyclonedx+json');
    await attach('application/vnd.in-toto+json');
    await attach('application/vnd.in-toto+json');
    const listed = await listReferrers(client(), repository, image.digest);
    expect(listed.map(({ artifactType }) => artifactType).sort()).toEqual([
      'application/vnd.cyclonedx+json',
      'application/vnd.in-toto+json',
    ]);
    const [found] = await listReferrers(
      client(),
      repository,
      image.digest,
      'application/vnd.cyclonedx+json',
    );
    expect(found?.digest).toBe(sbom.digest);
    const { layers: back } = await fetchArtifact(client(), repository, sbom.digest);
    expect(back.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['{"a":1}']);
  });

  it('rejects wrong credentials once, with a message that does not contain them', async () => {
    const credentials = { username: registry.credentials.username, password: 'wrong-wrong' };
    const stranger = new RegistryClient({ host: proxy.host, credentials });
    const push = pushImage({ ...image, client: stranger, repository: 'team/none', tags });
    const error: Error = await push.then(
      () => new Error('the push was not rejected'),
      (error: Error) => error,
    );
    expect(error).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(error.message).toContain('Log in again');
    expect(error.message).not.toContain('wrong-wrong');
    expect(proxy.requests.length).toBeLessThan(4);
  });
});

describe('credentials for docker-registry', () => {
  let registry: DockerRegistry;
  beforeAll(async () => {
    registry = await DockerRegistry.start();
  });
  afterAll(() => registry?.stop());

  const push = (credentials: CredentialSource) => {
    const client = new RegistryClient({ host: registry.host, credentials });
    return pushImage({ ...image, client, repository: 'team/app', tags });
  };
  const login = () => Object.values(registry.credentials).join(':');

  it("come from Docker's config.json", async () => {
    const auth = Buffer.from(login()).toString('base64');
    const dir = await configFolder('plain', { auths: { [registry.host]: { auth } } });
    const variables = { ...process.env, DOCKER_CONFIG: dir };
    const ask = () => dockerCredentials({ host: registry.host, variables });
    expect(await push(ask)).toMatchObject({ digest: image.digest });
  });

  it('come from a credential helper', async () => {
    const dir = await configFolder('helper', { credHelpers: { [registry.host]: 'of-this-test' } });
    const { username, password } = registry.credentials;
    const answer = JSON.stringify({ Username: username, Secret: password });
    const helper = join(dir, 'docker-credential-of-this-test');
    await writeFile(helper, `#!/bin/sh\ngrep -q '^${registry.host}$' && echo '${answer}'\n`);
    await chmod(helper, 0o755);
    const PATH = [dir, process.env.PATH].join(delimiter);
    const variables = { ...process.env, DOCKER_CONFIG: dir, PATH };
    const ask = () => dockerCredentials({ host: registry.host, variables });
    expect(await push(ask)).toMatchObject({ digest: image.digest });
  });
});

it('a push to docker-registry fails on a full disk, and completes when there is space', async () => {
  const tmpfs = await Tmpfs.mount(join(folder, 'full'), 4);
  const registry = await DockerRegistry.start(tmpfs.folder);
  try {
    const { host, credentials } = registry;
    const retries: RetryEvent[] = [];
    const onRetry = (event: RetryEvent) => retries.push(event);
    const retry = { retries: 5, minDelayMs: 10, maxDelayMs: 50 };
    const client = new RegistryClient({ host, credentials, retry, onRetry });
    const push = () => pushImage({ ...image, client, repository: 'team/app', tags });
    await expect(push()).rejects.toMatchObject({
      code: 'OUT_OF_SPACE',
      message: expect.stringMatching(/no space left.*Free space in the registry/s),
    });
    expect(retries.map(({ attempt }) => attempt)).toEqual(expect.arrayContaining([2, 3, 4, 5, 6]));
    expect(await client.headManifest('team/app', 'v1')).toBeUndefined();
    await tmpfs.resize(64);
    expect(await push()).toMatchObject({ digest: image.digest });
  } finally {
    await registry.stop();
    await tmpfs.unmount();
  }
});
