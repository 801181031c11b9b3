import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { LocalRegistry } from './support/local-registry';
import { WorkspaceCopy } from './support/workspace-copy';

const service = 'game-service';

describe('docker-build in the cache of Nx', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    await registry.createRepositories(`typerush/${service}`);
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.remove();
  });

  /** Whether a push ran docker-build or restored it: Nx prints it in the headline of the task, with or without its daemon. */
  const push = async (): Promise<'built' | 'cached'> => {
    const output = await workspace.nxOk(
      ['run', `${service}:docker-push:local`, '--engine=oci', '--output-style=stream'],
      registry.env,
    );
    const headline = output.split('\n').find((line) => line.includes(`${service}:docker-build`));
    return /local cache|existing outputs match the cache/.test(headline ?? '') ? 'cached' : 'built';
  };
  const json = async (name: string) =>
    JSON.parse(await readFile(workspace.path('dist/images', service, name), 'utf8'));

  it('is restored without a change, also after a commit that changes no service', async () => {
    expect(await push()).toBe('built');
    expect(await push()).toBe('cached');
    await appendFile(workspace.path('docs/adr/9999-test.md'), 'A decision.\n');
    await workspace.commit('docs: decide');
    expect(await push()).toBe('cached');
    expect(await json('push.json')).toMatchObject({ digest: (await json('build.json')).digest });
  });

  it('is restored into a clean folder without removing the results of a push', async () => {
    const before = await json('build.json');
    await rm(workspace.path('dist/images', service, 'build.json'));
    await rm(workspace.path('dist/images', service, 'oci'), { recursive: true });
    const pushed = await json('push.json');
    expect(await push()).toBe('cached');
    expect(await json('build.json')).toEqual(before);
    expect((await json('push.json')).digest).toBe(pushed.digest);
    await rm(workspace.path('dist'), { recursive: true });
    expect(await push()).toBe('cached');
  });

  it.each([
    ['the Dockerfile', 'docker/service.Dockerfile', (text: string) => `${text}\n`],
    [
      'image.json',
      `apps/${service}/image.json`,
      (text: string) => text.replace('/health/live', '/health/ready'),
    ],
    [
      'the lock file',
      'docker/service.Dockerfile.lock.json',
      () => JSON.stringify({ lockVersion: 1, bases: {} }),
    ],
    [
      'the code',
      `apps/${service}/src/main.ts`,
      (text: string) => `${text}\nsetTimeout(() => {}, 0).unref();\n`,
    ],
    [
      'the page',
      'apps/web/src/main.tsx',
      (text: string) => `${text}\ndocument.title = 'TypeRush';\n`,
    ],
  ])(
    'runs again when %s changes, and is restored from the cache when it changes back',
    async (_, file, change) => {
      const path = workspace.path(file);
      const before = await readFile(path, 'utf8').catch(() => undefined);
      await writeFile(path, change(before ?? ''));
      expect(await push()).toBe('built');
      await (before === undefined ? rm(path) : writeFile(path, before));
      expect(await push()).toBe('cached');
    },
  );

  it('rejects a build.json of another version', async () => {
    await writeFile(workspace.path('dist/images', service, 'build.json'), '{"tags":[]}');
    const run = ['run', `${service}:docker-push:local`, '--exclude-task-dependencies'];
    const { code, output } = await workspace.nx(run, registry.env);
    expect(code).not.toBe(0);
    expect(output).toMatch(/build\.json: it was not written by this version of docker-build/);
  });
});
