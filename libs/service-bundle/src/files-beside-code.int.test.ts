import { join } from 'node:path';
import { installed, sampleWorkspaces } from '../test/sample-workspace';

const create = sampleWorkspaces();

const autoload = installed(
  'node_modules/@fastify/autoload',
  {},
  { 'index.js': 'module.exports = () => {};' },
);

/** As Nx generates a Fastify app. */
const fastifyApp = {
  ...autoload,
  'app/main.ts': `import { app } from './app/app'; app((plugin, options) => console.log(typeof plugin, options));`,
  'app/app/app.ts': `import * as path from 'path';
import AutoLoad from '@fastify/autoload';
export const app = (register: (plugin: unknown, options: object) => void) => {
  register(AutoLoad, { dir: path.join(__dirname, 'plugins'), options: {} });
};`,
  'app/app/plugins/sensible.ts': 'export default async () => {};',
};

describe('own code that uses files beside its source', () => {
  it('is refused if it loads the modules of a folder, with the folder and what to do', async () => {
    const workspace = await create(fastifyApp);
    await expect(workspace.bundle()).rejects.toMatchObject({
      code: 'MODULES_NOT_IMPORTED',
      message: expect.stringMatching(
        /^Cannot bundle app\/app\/app\.ts: @fastify\/autoload loads the modules of app\/app\/plugins [\s\S]*import plugin from '\.\/plugins\/<module>'/,
      ),
    });
  });

  it('may load the modules of a folder that is an asset', async () => {
    const workspace = await create(fastifyApp);
    await workspace.bundle({ assets: [{ from: 'app/app/plugins', to: 'service/plugins' }] });
    expect(await workspace.run()).toContain('function');
  });

  it.each([
    ['a data file', `readFileSync(join(__dirname, 'rules.json'))`, 'rules.json'],
    [
      'a data file, as an ES module',
      `readFileSync(join(import.meta.dirname, './rules.json'))`,
      'rules.json',
    ],
    ['a folder', `readFileSync(join(__dirname, 'views', process.argv[2]!))`, 'views'],
    ['modules of a pattern', `console.log(__dirname + '/entities/*.entity{.ts,.js}')`, 'entities'],
    ['modules of a pattern in its folder', `console.log(__dirname + '/*.entity.ts')`, '.'],
    ['a worker, by its compiled name', `new Worker(join(__dirname, 'worker.js'))`, 'worker.js'],
  ])('is reported if it uses %s', async (_, use, name) => {
    const workspace = await create({
      'app/main.ts': `import { readFileSync } from 'node:fs'; import { join } from 'node:path'; import { Worker } from 'node:worker_threads'; export const run = () => ${use}; console.log(run, readFileSync, join, Worker);`,
      'app/rules.json': '[]',
      'app/views/a.html': '',
      'app/entities/a.entity.ts': '',
      'app/worker.ts': '',
    });
    const warnings: string[] = [];
    await workspace.bundle({}, (warning) => void warnings.push(warning));
    expect(warnings).toEqual([
      `app/main.ts: uses "${name}" beside its own file, where the bundle has only service/main.js and assets. Add it to "assets" in the options of the build target, to "${join('service', name)}"`,
    ]);
  });

  it('is to import a file that no asset can provide', async () => {
    const workspace = await create({
      'app/main.ts': `import { join } from 'node:path'; console.log(join(__dirname, '../settings.json'), join(__dirname, '../public'));`,
      'settings.json': '{}',
      'public/index.html': '',
    });
    const warnings: string[] = [];
    await workspace.bundle(
      {},
      (warning) => void warnings.push(warning.replace(/^.*assets\. /, '')),
    );
    expect(warnings).toEqual([
      'Add it to "assets" in the options of the build target, to "public"',
      'Import it, or move it beside the code and add it to "assets" in the options of the build target',
    ]);
  });

  it('is not reported if the file is an asset or does not exist', async () => {
    const workspace = await create({
      'app/main.ts': `import { join } from 'node:path'; console.log(join(__dirname, 'rules.json'), join(__dirname, 'views', 'a.html'), join(__dirname, 'written-later'));`,
      'app/rules.json': '[]',
      'app/views/a.html': '',
    });
    const warnings: string[] = [];
    const assets = [
      { from: 'app/rules.json', to: 'service/rules.json' },
      { from: 'app/views', to: 'service/views' },
    ];
    await workspace.bundle({ assets }, (warning) => void warnings.push(warning));
    expect(warnings).toEqual([]);
  });
});
