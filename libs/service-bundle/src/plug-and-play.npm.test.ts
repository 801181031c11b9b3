import { execFile } from 'node:child_process';
import { cp, mkdtemp, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Bundle } from './bundle';
import { build } from 'esbuild';
import { SampleWorkspace } from '../test/sample-workspace';

const run = promisify(execFile);
const yarn = ['--yes', '--package=@yarnpkg/cli-dist@4.9.2', 'yarn'];

/** pino starts a worker from its files; express loads ejs by name; both need other packages. */
const main = `const express = require('express');
const pino = require('pino');
const path = require('node:path');
const app = express();
app.set('view engine', 'ejs');
app.set('views', path.join(__dirname, 'views'));
app.render('hello', { name: 'Ada' }, (error, text) => {
  if (error) throw error;
  const transport = pino.transport({ target: 'pino/file', options: { destination: 1 } });
  pino({ base: null, timestamp: false }, transport).info(text);
});
`;

/** Runs as Nx does in such a workspace: Yarn has told Node where packages are. */
const bundler = `const { bundleService, planBundle } = require('./service-bundle.cjs');
const options = {
  main: 'app/main.js', tsConfig: 'app/tsconfig.json', outputPath: 'dist/app', target: 'node20', external: [], omit: [],
  asFiles: {}, assets: [{ from: 'app/views', to: 'service/views' }], decoratorMetadata: false,
};
bundleService(planBundle(options, __dirname), 'app').then((bundle) => console.log(JSON.stringify(bundle)));
`;

/** Compiles this library to one file, which loads other packages from where they are installed here. */
async function compileLibrary(outfile: string): Promise<void> {
  await build({
    entryPoints: [path.join(__dirname, 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
    plugins: [
      {
        name: 'packages-of-this-workspace',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./]/ }, ({ path: name, importer }) =>
            importer === '' || name.startsWith('@typerush/') || isBuiltin(name)
              ? undefined
              : { path: createRequire(importer).resolve(name), external: true },
          ),
      },
    ],
  });
}

describe("a workspace with Yarn's Plug'n'Play", () => {
  let workspace: SampleWorkspace;
  let bundle: Bundle;
  const inWorkspace = async (...args: string[]) => {
    const options = { cwd: workspace.root, maxBuffer: 1e8 };
    return (await run('npx', [...yarn, ...args], options)).stdout.trim();
  };

  beforeAll(async () => {
    workspace = await SampleWorkspace.create({
      'package.json': {
        name: 'acme',
        private: true,
        dependencies: { ejs: '3.1.10', express: '5.1.0', pino: '9.9.0' },
      },
      '.yarnrc.yml': 'nodeLinker: pnp\nenableTelemetry: false\n',
      'yarn.lock': '',
      'app/main.js': main,
      'app/views/hello.ejs': 'Hello <%= name %>',
      'bundle.cjs': bundler,
    });
    await compileLibrary(path.join(workspace.root, 'service-bundle.cjs'));
    await inWorkspace('install');
    bundle = JSON.parse(await inWorkspace('node', 'bundle.cjs')) as Bundle;
  }, 240_000);
  afterAll(() => workspace.remove());

  it('runs bundled without Yarn as it runs with Yarn', async () => {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'without-yarn-')));
    try {
      await cp(path.join(workspace.root, 'dist/app'), folder, {
        recursive: true,
        verbatimSymlinks: true,
      });
      const { stdout } = await run(process.execPath, [path.join(folder, 'service/main.js')]);
      expect(stdout.trim()).toBe(await inWorkspace('node', 'app/main.js'));
      expect(stdout).toContain('"msg":"Hello Ada"');
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);

  it('ships packages as files with links between them, and no archive or path of this machine', async () => {
    const shipped = bundle.packages.filter(({ asFiles }) => asFiles).map(({ name }) => name);
    expect(shipped).toEqual(expect.arrayContaining(['ejs', 'pino', 'thread-stream']));
    const files = bundle.outputs.map(({ file }) => file);
    expect(files.filter((file) => /\.zip|\.yarn|__virtual__/.test(file))).toEqual([]);
    // Once, and not again by the links.
    expect(files.filter((file) => file.endsWith('/pino/pino.js'))).toHaveLength(1);
    const link = path.join(workspace.root, 'dist/app/dependencies/node_modules/pino');
    expect(await readlink(link)).toMatch(/^\.pnp\/pino@[0-9a-f]{10}\/node_modules\/pino$/);
    expect(await workspace.text('dependencies/index.js')).not.toContain('.zip');
  });

  it('has the same bytes in another folder', async () => {
    const before = await workspace.hashes();
    const other = await SampleWorkspace.create();
    try {
      for (const each of ['package.json', 'yarn.lock', 'app', 'bundle.cjs', 'service-bundle.cjs']) {
        await cp(path.join(workspace.root, each), path.join(other.root, each), { recursive: true });
      }
      await writeFile(
        path.join(other.root, '.yarnrc.yml'),
        'nodeLinker: pnp\nenableTelemetry: false\nenableGlobalCache: false\n',
      );
      for (const args of [['install'], ['node', 'bundle.cjs']]) {
        await run('npx', [...yarn, ...args], { cwd: other.root, maxBuffer: 1e8 });
      }
      expect(await other.hashes()).toEqual(before);
    } finally {
      await other.remove();
    }
  }, 240_000);
});
