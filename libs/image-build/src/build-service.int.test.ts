import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { digestOf, MEDIA_TYPE } from '@typerush/oci';
import { MemoryRegistry, password } from '@typerush/oci/testing';
import { formatBaseLock } from './base-lock/base-lock';
import { layersOfBase } from './base-lock/base-images';
import { engines } from './engines/engines';
import { readServiceImage } from '@typerush/pipeline-context';
import { buildIdentity } from './build-identity';
import { buildService, type BuildServiceOptions } from './build-service';

const reference = 'registry.invalid/node:1';
const dockerfile = `
ARG NODE_IMAGE=${reference}
FROM \${NODE_IMAGE} AS build
WORKDIR /workspace
FROM \${NODE_IMAGE}
ARG OUTPUT
COPY --from=build /workspace/\${OUTPUT}/ /app/
CMD ["node", "/app/main.js"]
`;

let root: string;
let notes: string[];
const cache = path.join(tmpdir(), `nx-ecr-build-${process.pid}`);
const variables = { XDG_CACHE_HOME: cache };
afterAll(() => rm(cache, { recursive: true, force: true }));
// The first build packs the Node of this machine.
jest.setTimeout(60_000);

beforeEach(async () => {
  notes = [];
  root = await mkdtemp(path.join(tmpdir(), 'build-service-'));
  await write('registry.json', JSON.stringify({ namespace: 'team', naming: 'shared' }));
  await write('package.json', '{}');
  await write('apps/a/package.json', JSON.stringify({ name: '@team/a', version: '1.2.3' }));
  await write(
    'apps/a/image.json',
    JSON.stringify({ repository: 'a', retention: 'environment', port: 3000, health: '/' }),
  );
  await write('dist/apps/a/main.js', 'run()');
  await write('Dockerfile', dockerfile);
});
afterEach(() => rm(root, { recursive: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
}

const pin = () =>
  write(
    'Dockerfile.lock.json',
    formatBaseLock({ [reference]: { digest: digestOf('base'), platforms: {} } }),
  );

const context = () => ({
  root,
  projectName: 'a',
  projectsConfigurations: { projects: { a: { root: 'apps/a' } } },
});

async function build(changes: Partial<BuildServiceOptions> = {}) {
  const options = {
    environment: 'dev' as Environment,
    dockerfile: 'Dockerfile',
    engine: 'oci' as const,
    base: 'stand-in' as const,
    dryRun: false,
    output: '',
    load: false,
    ...changes,
  };
  const image = await readServiceImage(context(), options.environment);
  return buildService(image, options, {
    engines: engines(variables),
    reporter: { progress: () => undefined, note: (line) => void notes.push(line) },
    layersOfBase: (built) => layersOfBase(built, { ...image, variables }),
    load: async ({ platform }) => `a fake for ${platform}`,
    hostPlatform: 'linux/s390x',
  });
}

const identity = (options = {}) =>
  buildIdentity({ dockerfile: 'Dockerfile', ...options }, context(), variables, 'builder');
const outputs = async () => (await readdir(path.join(root, 'dist/images/a'))).sort();

describe('buildService', () => {
  it('writes the requested outputs, and removes those of an earlier build', async () => {
    const { text } = await build({ output: 'layout, archive' });
    expect(await outputs()).toEqual(['build.json', 'image.tar', 'layout', 'oci']);
    expect(text).toContain(path.join('dist', 'images', 'a', 'image.tar'));
    await write('dist/images/a/push.json', '{}');
    await build();
    expect(await outputs()).toEqual(['build.json', 'oci', 'push.json']);
  });

  it('loads the first platform if there is none for the host', async () => {
    await build({ load: true });
    expect(notes.join()).toMatch(/Loaded team\/a:build for linux\/\w+ into a fake for linux/);
  });

  it('rejects an unknown output, and builds nothing', async () => {
    await expect(build({ output: 'layout,tar' })).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringContaining('"tar"'),
    });
    await expect(outputs()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('writes the same build.json for the same content', async () => {
    const text = () => readFile(path.join(root, 'dist/images/a/build.json'), 'utf8');
    await build();
    const first = await text();
    await rm(path.join(root, 'dist/images'), { recursive: true });
    await build();
    expect(await text()).toBe(first);
  });

  it('rejects a base image that is not pinned for prod, and does not mention it elsewhere', async () => {
    await build({ base: 'auto' });
    expect(notes.join()).not.toMatch(/pin|docker-lock/);
    await expect(build({ base: 'auto', environment: 'prod' })).rejects.toMatchObject({
      code: 'BASE_UNPINNED',
      message: expect.stringContaining('nx run a:docker-lock'),
    });
  });

  it('accepts a pinned base image for prod', async () => {
    await pin();
    await build({ base: 'auto' });
    await expect(build({ base: 'auto', environment: 'prod' })).rejects.toMatchObject({
      code: 'BASE_UNAVAILABLE',
    });
  });

  it('rejects an invalid lock file', async () => {
    await write('Dockerfile.lock.json', '{}');
    await expect(build({ base: 'auto' })).rejects.toMatchObject({ code: 'BASE_LOCK_INVALID' });
  });
});

describe('buildIdentity', () => {
  it('is the same for the same base image and plugin', async () => {
    expect(await identity()).toBe(await identity());
    expect(await identity({ base: 'stand-in' })).toBe(await identity({ base: 'auto' }));
  });

  it('rejects if the base image cannot be resolved', async () => {
    await expect(identity({ base: 'registry' })).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(identity({ environment: 'prod' })).rejects.toMatchObject({
      code: 'BASE_UNAVAILABLE',
    });
  });

  describe('with a registry that requires credentials', () => {
    const registry = new MemoryRegistry();
    let loggedIn: Record<string, string>;

    beforeEach(async () => {
      await registry.start();
      const auth = Buffer.from(`AWS:${password}`).toString('base64');
      await write('docker/config.json', JSON.stringify({ auths: { [registry.host]: { auth } } }));
      loggedIn = { ...variables, DOCKER_CONFIG: path.join(root, 'docker') };
      await write('Dockerfile', dockerfile.replace('registry.invalid', registry.host));
    });
    afterEach(() => registry.stop());

    /** In a new process. */
    const newIdentity = () =>
      buildIdentity({ dockerfile: 'Dockerfile' }, context(), loggedIn, 'builder', new Map());

    /** Publishes a base image under the tag that the Dockerfile names. */
    function publish(content: string) {
      const put = (value: unknown) => {
        const bytes = Buffer.from(JSON.stringify(value));
        registry.blobs.set(digestOf(bytes), bytes);
        return { bytes, digest: digestOf(bytes), size: bytes.length };
      };
      const rootfs = { type: 'layers', diff_ids: [] };
      const config = put({ os: 'linux', architecture: 'amd64', rootfs, content });
      const { digest, size } = config;
      const manifest = {
        schemaVersion: 2,
        mediaType: MEDIA_TYPE.ociManifest,
        config: { mediaType: MEDIA_TYPE.ociConfig, digest, size },
        layers: [],
      };
      const { bytes, digest: top } = put(manifest);
      const published = { type: MEDIA_TYPE.ociManifest, bytes };
      registry.manifests.set('node:1', published).set(`node:${top}`, published);
      return top;
    }

    it('changes with the tag, not with a pin, and needs no registry for a cached base image', async () => {
      const first = publish('one');
      const one = await newIdentity();
      publish('two');
      const two = await newIdentity();
      expect(two).not.toBe(one);

      const lock = { [`${registry.host}/node:1`]: { digest: first, platforms: {} } };
      await write('Dockerfile.lock.json', formatBaseLock(lock));
      expect(await newIdentity()).toBe(one);
      await registry.stop();
      expect(await newIdentity()).toBe(one);
    });

    it('differs for the stand-in that is used while the registry is unreachable', async () => {
      publish('one');
      const real = await newIdentity();
      await registry.stop();
      expect(await newIdentity()).not.toBe(real);
      await registry.start();
    });
  });
});
