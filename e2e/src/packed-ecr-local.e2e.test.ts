import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
} from '@aws-sdk/client-ecr';
import { quietNpm, requireNpmRegistry } from './support/npm';
import { exitCode, launch, run, runOk } from './support/run';

const workspaceRoot = join(__dirname, '../..');
const examples = join(workspaceRoot, 'apps/ecr-local/examples');

/** What this workspace does not have, and the SDK. The newest vitest needs Node 22. */
const further = ['@aws-sdk/client-ecr@3.1169.0', 'vitest@4'];

const compilerOptions = {
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  noEmit: true,
  skipLibCheck: false,
  strict: true,
  target: 'es2022',
  types: [],
};

const consumer = `import { startEcrLocal, type AppliedPolicy, type RunningEcrLocal } from '@typerush/ecr-local';
export async function use(): Promise<readonly AppliedPolicy[]> {
  await using ecrLocal: RunningEcrLocal = await startEcrLocal({ port: 0, clock: new Date() });
  // @ts-expect-error: it is a number
  await startEcrLocal({ port: '5327' });
  return ecrLocal.clock.advance({ days: 8 });
}
`;

describe('the packed ecr-local, installed in an empty folder', () => {
  let folder: string;
  let tarball: string;

  beforeAll(async () => {
    await requireNpmRegistry();
    folder = await mkdtemp(join(tmpdir(), 'packed-ecr-local-'));
    const pack = ['--import', 'tsx', 'tools/pack/src/main.ts', 'pack', 'ecr-local'];
    const packed = (await runOk(process.execPath, pack, { cwd: workspaceRoot })).trim();
    tarball = join(workspaceRoot, packed);
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    await runOk('npm', ['install', tarball], { cwd: folder, env: quietNpm });
  });
  afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  const installed = (...segments: string[]) =>
    join(folder, 'node_modules/@typerush/ecr-local', ...segments);

  /** Starts the program and resolves when it has printed its address. */
  async function start(...args: string[]) {
    const program = join(folder, 'node_modules/.bin/ecr-local');
    const child = launch(program, ['--port', '0', ...args], { cwd: folder });
    const exited = exitCode(child);
    let printed = '';
    child.stderr?.setEncoding('utf8');
    for await (const text of child.stderr ?? []) {
      printed += String(text);
      const [, url] = /AWS_ENDPOINT_URL=(\S+)/.exec(printed) ?? [];
      if (url === undefined) continue;
      const stop = async () => {
        child.kill('SIGTERM');
        return exited;
      };
      return { url, stop };
    }
    throw new Error(`ecr-local did not start:\n${printed}`);
  }

  const clientOf = (url: string) =>
    new ECRClient({
      endpoint: url,
      region: 'ap-southeast-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });

  it('is one file that needs no other package and runs nothing when it is installed', async () => {
    expect(await readdir(join(folder, 'node_modules/@typerush'))).toEqual(['ecr-local']);
    const packages = await readdir(join(folder, 'node_modules'));
    expect(packages.filter((name) => !name.startsWith('.'))).toEqual(['@typerush']);
    expect(await readdir(installed('dist'))).toEqual(['ecr-local.js']);
    const manifest = JSON.parse(await readFile(installed('package.json'), 'utf8')) as object;
    expect(manifest).not.toHaveProperty('scripts');
    expect(manifest).not.toHaveProperty('dependencies');
    expect((await stat(tarball)).size).toBeLessThan(700_000);
  });

  it('contains the licences of what is in it, and no path of this machine', async () => {
    const licenses = await readFile(installed('THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(licenses).toMatch(/^express \d+\.\d+\.\d+: MIT$/m);
    for (const file of await readdir(installed(), { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const text = await readFile(join(file.parentPath, file.name), 'utf8');
      expect(text.includes(workspaceRoot)).toBe(false);
    }
  });

  it('prints its help and its version, and rejects an unknown flag with exit code 2', async () => {
    const program = join(folder, 'node_modules/.bin/ecr-local');
    expect(await runOk(program, ['--help'])).toMatch(/--port <port> .* Default: 5327/);
    expect(await runOk(program, ['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { code, stdout, stderr } = await run(program, ['--colour', 'blue']);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: "ecr-local: Unknown option '--colour'.\nFix: see ecr-local --help.\n",
    });
  });

  it('keeps repositories in its folder until it is started again', async () => {
    const first = await start('--data', 'data');
    const client = clientOf(first.url);
    await client.send(new CreateRepositoryCommand({ repositoryName: 'hello/world' }));
    client.destroy();
    const metrics = await (await fetch(`${first.url}/metrics`)).text();
    expect(metrics).toContain('process_resident_memory_bytes{service="ecr-local"}');
    expect(await first.stop()).toBe(0);
    const second = await start('--data', 'data');
    const again = clientOf(second.url);
    const { repositories = [] } = await again.send(new DescribeRepositoriesCommand());
    again.destroy();
    expect(repositories.map(({ repositoryName }) => repositoryName)).toEqual(['hello/world']);
    expect(await second.stop()).toBe(0);
  });

  it('writes nothing with --memory', async () => {
    const before = await readdir(folder);
    const ecrLocal = await start('--memory');
    const client = clientOf(ecrLocal.url);
    await client.send(new CreateRepositoryCommand({ repositoryName: 'hello/world' }));
    client.destroy();
    expect(await ecrLocal.stop()).toBe(0);
    expect(await readdir(folder)).toEqual(before);
  });

  describe('beside test runners', () => {
    beforeAll(async () => {
      await runOk('npm', ['install', ...further], { cwd: folder, env: quietNpm });
      await cp(examples, folder, { recursive: true });
      await writeFile(join(folder, 'consumer.mts'), consumer);
      const config = JSON.stringify({ compilerOptions, files: ['consumer.mts'] });
      await writeFile(join(folder, 'tsconfig.json'), config);
    });

    const inFolder = (file: string, ...args: string[]) => runOk(file, args, { cwd: folder });
    const tool = (name: string) => join(workspaceRoot, 'node_modules/.bin', name);

    it('has types that need no other package', async () => {
      await inFolder(tool('tsc'), '--project', 'tsconfig.json');
    });

    it('runs the example of jest', async () => {
      await inFolder(tool('jest'), '--rootDir', folder, '--testMatch', '**/*.jest.test.js');
    });

    it('runs the example of vitest', async () => {
      await inFolder(join(folder, 'node_modules/.bin/vitest'), 'run', 'expired-images.vitest');
    });

    it('runs the example of the test runner of Node', async () => {
      await inFolder(process.execPath, '--test', 'expired-images.node.test.mjs');
    });
  });
});
