import {
  addProjectConfiguration,
  NX_VERSION,
  readJson,
  readNxJson,
  readProjectConfiguration,
  type Tree,
  updateJson,
  updateNxJson,
  writeJson,
} from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { parseImageConfig } from '@typerush/image-registry';
import serviceGenerator from './generator';
import { frameworks, type ServiceOptions } from './options';

const plugin = '@typerush/nx-ecr';

describe('nx g service', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
  });

  const generate = (options: Partial<ServiceOptions> = {}) =>
    serviceGenerator(tree, { name: 'api', framework: 'express', skipFormat: true, ...options });

  /** As npm's workspaces have it, one image being there. */
  const withPackages = () => {
    updateJson(tree, 'package.json', (json) => ({
      ...json,
      name: '@acme/source',
      license: 'MIT',
      workspaces: ['services/*'],
    }));
    writeJson(tree, 'tsconfig.json', { files: [], references: [{ path: './services/one' }] });
    writeJson(tree, 'services/one/package.json', {
      name: '@acme/one',
      nx: { name: 'one', tags: ['type:app', 'scope:one'] },
    });
    writeJson(tree, 'services/one/image.json', { port: 3000 });
  };

  it.each(frameworks)('makes %s an image, with nothing of a template left', async (framework) => {
    await generate({ framework });
    expect(parseImageConfig(tree.read('apps/api/image.json', 'utf8') ?? '', 'image.json')).toEqual(
      expect.objectContaining({ repository: 'api', port: 3000, health: '/health/live' }),
    );
    expect(readNxJson(tree)?.plugins).toContain(plugin);
    const files = tree.listChanges().filter(({ path }) => path.startsWith('apps/api/'));
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['apps/api/src/main.ts', 'apps/api/src/app.ts', 'apps/api/README.md']),
    );
    for (const { path, content } of files) {
      expect(path).not.toContain('.template');
      expect(content?.toString()).not.toMatch(/<%|@typerush\/(?!nx-ecr\/schema)/);
    }
  });

  it('declares it in its own package.json if the workspace has packages', async () => {
    withPackages();
    await generate({ framework: 'nest' });
    expect(readJson(tree, 'services/api/package.json')).toMatchObject({
      name: '@acme/api',
      private: true,
      license: 'MIT',
      nx: { name: 'api', tags: ['type:app', 'scope:one'] },
      dependencies: { '@nestjs/core': '12.5.1', zod: '4.6.7' },
    });
    expect(tree.exists('services/api/project.json')).toBe(false);
    expect(readJson(tree, 'package.json').workspaces).toEqual(['services/*']);
    expect(readJson(tree, 'tsconfig.json').references).toContainEqual({ path: './services/api' });
    expect(readJson(tree, 'services/api/image.json')).toMatchObject({ port: 3001 });
  });

  it('adds its folder to the workspaces if no pattern matches it', async () => {
    withPackages();
    await generate({ directory: 'backend/api' });
    expect(readJson(tree, 'package.json').workspaces).toEqual(['services/*', 'backend/api']);
  });

  it('declares it in project.json without workspaces, with its dependencies in the root', async () => {
    await generate({ websocket: true, tags: 'scope:a, type:app' });
    expect(readProjectConfiguration(tree, 'api')).toMatchObject({
      projectType: 'application',
      tags: ['scope:a', 'type:app'],
      targets: { test: { command: 'jest' }, typecheck: { command: 'tsc --noEmit' } },
    });
    expect(readJson(tree, 'package.json')).toMatchObject({
      dependencies: { express: '5.3.0', 'socket.io': '4.8.4' },
      devDependencies: { jest: expect.any(String), '@swc/jest': expect.any(String) },
    });
  });

  it.each([false, true])(
    'declares build-development and serve as @nx/node does, with the sources of libraries: %s',
    async (inPackage) => {
      if (inPackage) withPackages();
      writeJson(tree, 'tsconfig.base.json', { compilerOptions: { customConditions: ['source'] } });
      await generate({ directory: 'services/api' });
      const { targets = {} } = readProjectConfiguration(tree, 'api');
      expect(Object.keys(targets)).toEqual(
        expect.arrayContaining(['build-development', 'serve', 'test']),
      );
      expect(targets).not.toHaveProperty('build');
      expect(targets['build-development']).toMatchObject({
        executor: '@nx/esbuild:esbuild',
        options: {
          main: 'services/api/src/main.ts',
          tsConfig: 'services/api/tsconfig.json',
          outputPath: 'services/api/dist',
          bundle: true,
          thirdParty: false,
          esbuildOptions: { sourcemap: true, conditions: ['source'] },
        },
      });
      expect(targets['serve']).toMatchObject({
        executor: '@nx/js:node',
        continuous: true,
        options: { buildTarget: 'api:build-development', port: 0 },
      });
      expect(readJson(tree, 'package.json').devDependencies).toMatchObject({
        '@nx/node': NX_VERSION,
        '@nx/esbuild': NX_VERSION,
        esbuild: expect.any(String),
      });
    },
  );

  it('transforms packages of ES modules in the folders of pnpm too', async () => {
    await generate({ framework: 'nest' });
    const config = tree.read('apps/api/jest.config.js', 'utf8') ?? '';
    const [, pattern = ''] = /'(\/node_modules\/.*)'/.exec(config) ?? [];
    const ignored = new RegExp(pattern.replaceAll('\\\\', '\\'));
    const pnpm = '/w/node_modules/.pnpm';
    expect('/w/node_modules/@nestjs/core/index.js').not.toMatch(ignored);
    expect(`${pnpm}/@nestjs+core@12.5.1/node_modules/@nestjs/core/index.js`).not.toMatch(ignored);
    expect('/w/node_modules/express/index.js').toMatch(ignored);
    expect(`${pnpm}/express@5.3.0/node_modules/express/index.js`).toMatch(ignored);
  });

  it('uses the compiler and test settings of the workspace only if they support a service', async () => {
    tree.write('tsconfig.base.json', '{ "compilerOptions": { "moduleResolution": "nodenext" } }');
    tree.write('jest.preset.js', "module.exports = require('@nx/jest/preset').default;");
    await generate();
    expect(readJson(tree, 'apps/api/tsconfig.json')).not.toHaveProperty('extends');
    expect(tree.read('apps/api/jest.config.js', 'utf8')).not.toContain('jest.preset');
    tree.write('tsconfig.base.json', '{ "compilerOptions": { "moduleResolution": "bundler" } }');
    tree.write('jest.preset.js', "'@swc/jest' '(unit|int).test' '@nestjs'");
    await generate({ name: 'web' });
    expect(readJson(tree, 'apps/web/tsconfig.json').extends).toBe('../../tsconfig.base.json');
    expect(tree.read('apps/web/jest.config.js', 'utf8')).toContain("'../../jest.preset.js'");
  });

  it('compiles in a workspace of the preset ts: as the plugin builds types, with its conditions', async () => {
    updateNxJson(tree, { plugins: ['@nx/js/typescript'] });
    const compilerOptions = { moduleResolution: 'nodenext', customConditions: ['@acme/source'] };
    writeJson(tree, 'tsconfig.base.json', { compilerOptions });
    await generate();
    expect(readJson(tree, 'apps/api/tsconfig.json').compilerOptions).toMatchObject({
      composite: true,
      customConditions: ['@acme/source'],
    });
  });

  it('lints it as nx.json says, if nx.json says how', async () => {
    withPackages();
    updateJson(tree, 'nx.json', (json) => ({
      ...json,
      targetDefaults: { lint: { command: 'eslint .' } },
    }));
    await generate();
    expect(readJson(tree, 'services/api/package.json').nx.targets).toHaveProperty('lint', {});
  });

  it.each<[string, Partial<ServiceOptions>, string]>([
    ['a name that no repository can have', { name: 'My Api' }, 'NAME_INVALID'],
    ['a name that climbs out', { name: '../api' }, 'NAME_INVALID'],
    ['the name of a stack of the registry', { name: 'access' }, 'NAME_INVALID'],
    ['a name that is taken', { name: 'one' }, 'PROJECT_EXISTS'],
    ['a folder that is not empty', { directory: 'services/one' }, 'DIRECTORY_TAKEN'],
    ['a folder outside', { directory: '../elsewhere' }, 'DIRECTORY_TAKEN'],
    ['sockets without express', { framework: 'nest', websocket: true }, 'WEBSOCKET_UNSUPPORTED'],
  ])('refuses %s, and changes nothing', async (_, options, code) => {
    withPackages();
    const before = tree.listChanges().length;
    await expect(generate(options)).rejects.toMatchObject({ code });
    expect(tree.listChanges()).toHaveLength(before);
  });

  it('chooses the first port that no image uses', async () => {
    for (const [name, port] of [
      ['a', 3000],
      ['b', 3001],
      ['c', 3003],
    ] as const) {
      addProjectConfiguration(tree, name, { root: `apps/${name}` });
      writeJson(tree, `apps/${name}/image.json`, { port });
    }
    await generate();
    expect(readJson(tree, 'apps/api/image.json')).toMatchObject({ port: 3002 });
  });
});
