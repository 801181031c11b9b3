import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BuiltImage } from '../src/built-image';
import { RegistryClient } from '@typerush/oci';
import { type BuildPlan, type ImageEngine } from '../src/engines/image-engine';
import { sendImage } from '../src/push/send-image';
import { MemoryRegistry, password } from './memory-registry';

/** The parts of the shared Dockerfile that engines have to agree on, without an installation. */
const dockerfile = `
ARG NODE_IMAGE=registry.invalid/node:1
FROM \${NODE_IMAGE} AS build
WORKDIR /workspace
COPY . .

FROM \${NODE_IMAGE} AS runtime
ARG OUTPUT
ARG TITLE
LABEL org.opencontainers.image.title="\${TITLE}"
WORKDIR /app
COPY --from=build /workspace/\${OUTPUT}/ ./
USER 1000:1000
CMD ["node", "main.js"]
`;

const silent = { progress: () => undefined, note: () => undefined };
const repository = 'engine-conformance/app';

/** What every engine does, whatever it is made of. */
export function describeEngine(create: () => ImageEngine): void {
  let root: string;
  let registry: MemoryRegistry;
  let engine: ImageEngine;

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'engine-'));
    await writeFile(path.join(root, 'Dockerfile'), dockerfile);
    await output('console.log("one");');
    engine = create();
  });
  afterAll(() => rm(root, { recursive: true }));
  beforeEach(async () => {
    registry = new MemoryRegistry();
    await registry.start();
  });
  afterEach(() => registry.stop());

  const output = async (text: string) => {
    await mkdir(path.join(root, 'dist/app'), { recursive: true });
    await writeFile(path.join(root, 'dist/app/main.js'), text);
  };
  const plan = (changes: Partial<BuildPlan> = {}): BuildPlan => ({
    service: 'app',
    repository,
    workspaceRoot: root,
    dockerfile: path.join(root, 'Dockerfile'),
    args: { OUTPUT: 'dist/app', TITLE: 'app' },
    platforms: ['linux/amd64'],
    base: 'stand-in',
    pins: {},
    lockFile: 'Dockerfile.lock.json',
    allowStandIn: true,
    standInName: 'engine-conformance/base-stand-in',
    outDir: path.join(root, 'out'),
    ...changes,
  });
  const build = () => engine.build(plan(), silent);
  const push = (
    image: BuiltImage,
    { secret = password, tags = { fixed: ['dev-1', 'dev-2'], moving: ['latest'] } } = {},
  ) => {
    const credentials = { username: 'AWS', password: secret };
    const client = new RegistryClient({ host: registry.host, credentials });
    const outDir = path.join(root, 'out');
    return sendImage({ image, outDir, client, repository: 'team/app', tags }, silent);
  };

  it('can build here', async () => {
    expect(await engine.detect(plan())).toMatchObject({ available: true });
  });

  it('tells the base from what the service adds to it', async () => {
    const image = await build();
    expect(image).toMatchObject({
      service: 'app',
      repository,
      engine: engine.name,
      base: { reference: 'registry.invalid/node:1', standIn: true },
    });
    const layers = image.platforms[0]?.layers ?? [];
    expect(layers.filter(({ fromBase }) => fromBase)).toHaveLength(1);
    expect(layers.filter(({ fromBase }) => !fromBase).length).toBeGreaterThan(0);
  });

  it('makes the same image of the same input, and another one of another input', async () => {
    const idOf = (image: BuiltImage) => image.platforms[0]?.configDigest;
    const first = idOf(await build());
    expect(idOf(await build())).toBe(first);
    await output('console.log("two");');
    expect(idOf(await build())).not.toBe(first);
  });

  it('refuses a base that is out of reach where no stand-in is allowed', async () => {
    const real = plan({ base: 'auto', allowStandIn: false });
    await expect(engine.build(real, silent)).rejects.toMatchObject({
      code: expect.any(String),
      message: expect.stringContaining('registry.invalid'),
    });
  });

  it('takes a stand-in for a base that is out of reach, and says so', async () => {
    const notes: string[] = [];
    const narrator = { ...silent, note: (line: string) => void notes.push(line) };
    const image = await engine.build(plan({ base: 'auto' }), narrator);
    expect(image.base.standIn).toBe(true);
    expect(notes.join()).toMatch(/registry\.invalid.*stand-in/);
  });

  it('pushes one image under all its tags', async () => {
    await push(await build());
    const digests = ['dev-1', 'dev-2', 'latest'].map((tag) => registry.digest('team/app', tag));
    expect(new Set(digests).size).toBe(1);
    expect(digests[0]).toMatch(/^sha256:/);
  });

  it('sends no layer twice', async () => {
    const image = await build();
    const first = await push(image);
    expect(first.uploadedLayers).toBe(image.platforms[0]?.layers.length);
    const { uploads } = registry;
    const second = await push(image, { tags: { fixed: ['dev-3'], moving: [] } });
    expect(second.uploadedLayers).toBe(0);
    expect(registry.uploads).toBe(uploads);
  });

  it('tries again when the registry is in trouble', async () => {
    registry.troubles = 1;
    await push(await build());
    expect(registry.digest('team/app', 'latest')).toBeDefined();
  });

  it('moves no tag with credentials that are not valid', async () => {
    const image = await build();
    await expect(push(image, { secret: 'wrong' })).rejects.toMatchObject({
      code: expect.any(String),
    });
    expect(registry.manifests.size).toBe(0);
  });

  it('leaves the password nowhere', async () => {
    await push(await build());
    const logins = (await readdir(tmpdir())).filter((name) =>
      name.startsWith(`nx-ecr-login-${process.pid}-`),
    );
    expect(logins).toEqual([]);
    for (const file of await readdir(path.join(root, 'out'), { recursive: true }).catch(() => [])) {
      const text = await readFile(path.join(root, 'out', file), 'utf8').catch(() => '');
      expect(text).not.toContain(password);
    }
  });
}
