import { appendFile, readFile } from 'node:fs/promises';
import { FaultProxy } from './support/fault-proxy';
import { LocalRegistry } from './support/local-registry';
import { WorkspaceCopy } from './support/workspace-copy';

interface Built {
  readonly platforms: readonly {
    readonly configDigest: string;
    readonly layers: readonly { digest: string; size: number; fromBase: boolean }[];
  }[];
}

describe('a push of game-service', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;
  let proxy: FaultProxy;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    const repositoryName = 'typerush/game-service';
    await registry.createRepositories(repositoryName);
    proxy = await FaultProxy.start(`127.0.0.1:${registry.port}`);
    await push();
  });
  afterAll(async () => {
    await proxy?.stop();
    await registry?.stop();
    await workspace?.remove();
  });
  beforeEach(() => proxy.heal());

  /** @returns the tasks that ran, without those restored from the cache */
  const push = async (): Promise<string[]> => {
    const args = ['run', 'game-service:docker-push:local', '--engine=oci'];
    const output = await workspace.nxOk([...args, '--output-style=stream'], proxy.env);
    const headlines = [...output.matchAll(/^> nx run (\S+)(.*)$/gm)];
    expect(headlines.length).toBeGreaterThan(2);
    return headlines.flatMap(([, task = '', rest = '']) => (/\[.*cache/.test(rest) ? [] : [task]));
  };
  const image = async () => {
    const text = await readFile(workspace.path('dist/images/game-service/build.json'), 'utf8');
    const [platform] = (JSON.parse(text) as Built).platforms;
    if (!platform) throw new Error('an image has a platform');
    return platform;
  };
  const writes = () => proxy.requests.filter((line) => /^(PUT|PATCH|POST) \/v2\//.test(line));

  it('builds and sends nothing without a change, also for another commit', async () => {
    const before = await image();
    expect(await push()).toEqual(['game-service:docker-push:local']);
    await workspace.git('commit', '--quiet', '--allow-empty', '--message', 'docs: decide');
    expect(await push()).toEqual(['game-service:docker-push:local']);
    expect(await image()).toEqual(before);
    // The manifest gets tags with the commit and the time.
    expect(writes().filter((line) => !/^PUT \S+\/manifests\/dev-/.test(line))).toEqual([]);
  });

  it('sends one layer and the config for a changed line of code', async () => {
    const before = await image();
    await appendFile(
      workspace.path('apps/game-service/src/main.ts'),
      '\nsetTimeout(() => undefined, 0).unref();\n',
    );
    await push();
    const after = await image();
    const known = new Set(before.layers.map(({ digest }) => digest));
    const changed = after.layers.filter(({ digest }) => !known.has(digest));
    expect(changed).toHaveLength(1);
    expect(after.layers.length).toBe(before.layers.length);
    const parts = [...after.layers.map(({ digest }) => digest), after.configDigest];
    const sent = proxy.finishedBlobs.filter((digest) => parts.includes(digest));
    expect(sent.sort()).toEqual([changed[0]?.digest, after.configDigest].sort());
    // SBOM and provenance of the new image included.
    expect(proxy.sentBytes).toBeLessThan(512 * 1024);
  });
});
