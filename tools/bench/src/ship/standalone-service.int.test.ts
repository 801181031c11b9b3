import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeStandaloneService } from './standalone-service';

let root: string;
let target: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'standalone-'));
  target = path.join(root, 'out');
  const files = {
    'tsconfig.base.json': '{"compilerOptions":{"strict":true,"composite":true}}',
    'libs/kit/package.json': '{"name":"@team/kit","dependencies":{"left":"1.0.0"}}',
    'libs/kit/src/index.ts': `export { pad } from './pad';\n`,
    'libs/kit/src/pad.ts': `import left from 'left';\nexport const pad = left;\n`,
    'apps/a/package.json':
      '{"name":"@team/a","dependencies":{"@team/kit":"1.0.0"},"devDependencies":{"@types/left":"1.0.0","jest":"1.0.0"}}',
    'apps/a/src/main.ts': `import { pad } from '@team/kit';\npad();\n`,
    'apps/a/src/deep/er.ts': `import { pad } from '@team/kit';\npad();\n`,
    'apps/a/src/main.unit.test.ts': '',
    'node_modules/left/package.json': '{"version":"1.2.3"}',
    'node_modules/@types/left/package.json': '{"version":"4.5.6"}',
    'node_modules/@types/node/package.json': '{"version":"20.0.0"}',
    'node_modules/typescript/package.json': '{"version":"6.0.3"}',
    'node_modules/esbuild/package.json': '{"version":"0.28.2"}',
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }
  await mkdir(path.join(root, 'node_modules/@team'));
  await symlink('../../libs/kit', path.join(root, 'node_modules/@team/kit'));
});
afterEach(() => rm(root, { recursive: true }));

const read = (file: string) => readFile(path.join(target, file), 'utf8');

it('copies the libraries of the workspace into the source, without tests', async () => {
  await writeStandaloneService(root, 'apps/a', target, 'tsc');
  const files = (await readdir(path.join(target, 'src'), { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  );
  expect(files.sort()).toEqual(['deep/er.ts', 'kit/index.ts', 'kit/pad.ts', 'main.ts']);
  expect(await read('src/main.ts')).toContain(`from './kit/index'`);
  expect(await read('src/deep/er.ts')).toContain(`from '../kit/index'`);
  expect(await read('src/kit/pad.ts')).toContain(`from 'left'`);
});

it('depends on the installed versions, and for development only on the compiler', async () => {
  await writeStandaloneService(root, 'apps/a', target, 'tsc');
  expect(JSON.parse(await read('package.json'))).toMatchObject({
    scripts: { build: 'tsc' },
    dependencies: { left: '1.2.3' },
    devDependencies: { '@types/left': '4.5.6', '@types/node': '20.0.0', typescript: '6.0.3' },
  });
  await writeStandaloneService(root, 'apps/a', target, 'esbuild');
  const { devDependencies } = JSON.parse(await read('package.json')) as { devDependencies: object };
  expect(devDependencies).toEqual({ esbuild: '0.28.2' });
});
