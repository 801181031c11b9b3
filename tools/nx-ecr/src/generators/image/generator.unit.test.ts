import {
  addProjectConfiguration,
  readJson,
  readNxJson,
  readProjectConfiguration,
  type TargetConfiguration,
  type Tree,
} from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import imageGenerator from './generator';
import { type ImageOptions } from './options';

const plugin = '@typerush/nx-ecr';

describe('nx g image', () => {
  let tree: Tree;
  let targets: Record<string, TargetConfiguration>;

  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
    targets = {};
    addProjectConfiguration(tree, 'api', { root: 'apps/api', projectType: 'application' });
    tree.write('apps/api/src/main.ts', 'app.listen(process.env.PORT ?? 8080);');
    tree.write('apps/api/src/health.ts', "router.get('/healthz', live); router.get('/health', x);");
  });

  const generate = (options: Partial<ImageOptions> = {}) =>
    imageGenerator(tree, { project: 'api', skipFormat: true, ...options }, async () => targets);
  const image = () => readJson(tree, 'apps/api/image.json');

  it('finds port, health route and main file in the sources', async () => {
    await generate();
    expect(image()).toEqual({
      $schema: '../../node_modules/@typerush/nx-ecr/schema/image.schema.json',
      repository: 'api',
      retention: 'environment',
      port: 8080,
      health: '/healthz',
    });
    expect(readNxJson(tree)?.plugins).toEqual([plugin]);
    expect(tree.exists('docker/service.Dockerfile')).toBe(true);
    expect(readProjectConfiguration(tree, 'api').targets).toBeUndefined();
  });

  it('uses the options instead', async () => {
    await generate({ port: 4000, health: '/up', retention: 'release', repository: 'team/api' });
    expect(image()).toMatchObject({
      port: 4000,
      health: '/up',
      retention: 'release',
      repository: 'team/api',
    });
  });

  it('chooses an unused port if the app sets none', async () => {
    addProjectConfiguration(tree, 'other', { root: 'apps/other' });
    tree.write('apps/other/image.json', '{ "port": 3000 }');
    addProjectConfiguration(tree, 'broken', { root: 'apps/broken' });
    tree.write('apps/broken/image.json', '{');
    tree.write('apps/api/src/main.ts', 'start();');
    await generate();
    expect(image()).toMatchObject({ port: 3001 });
  });

  it('changes nothing in a second run', async () => {
    await generate();
    const before = tree.listChanges().map(({ path, content }) => [path, content?.toString()]);
    await generate({ port: 8080 });
    expect(tree.listChanges().map(({ path, content }) => [path, content?.toString()])).toEqual(
      before,
    );
  });

  it('keeps the build target of the app, and bundles with another name', async () => {
    targets = { build: { executor: '@nx/webpack:webpack' } };
    await generate();
    expect(readNxJson(tree)?.plugins).toContainEqual({
      plugin,
      options: { buildTargetName: 'bundle' },
      include: ['apps/api/image.json', 'infra/src/main.ts'],
    });
    targets = { ...targets, bundle: { executor: `${plugin}:bundle` } };
    const before = readNxJson(tree);
    await generate();
    expect(readNxJson(tree)).toEqual(before);
  });

  it('rejects a target name that the app already uses', async () => {
    targets = {
      build: { command: 'tsc' },
      bundle: { command: 'x' },
      'image-bundle': { command: 'y' },
    };
    await expect(generate()).rejects.toMatchObject({ code: 'TARGET_TAKEN' });
    await expect(generate({ buildTargetName: 'bundle' })).rejects.toMatchObject({
      code: 'TARGET_TAKEN',
    });
    await generate({ buildTargetName: 'ship' });
    expect(JSON.stringify(readNxJson(tree)?.plugins)).toContain('"ship"');
  });

  it('sets the entry file of an app that has an unusual one', async () => {
    tree.delete('apps/api/src/main.ts');
    tree.write('apps/api/server.js', 'app.listen(8080);');
    await generate();
    expect(readProjectConfiguration(tree, 'api').targets).toEqual({
      build: { options: { main: '{projectRoot}/server.js' } },
    });
  });

  it('emits decorator metadata if the app does', async () => {
    tree.write(
      'apps/api/tsconfig.app.json',
      '{ "compilerOptions": { "emitDecoratorMetadata": true } } // as Nest has it',
    );
    await generate();
    expect(readProjectConfiguration(tree, 'api').targets).toEqual({
      build: {
        options: { tsConfig: '{projectRoot}/tsconfig.app.json', decoratorMetadata: true },
      },
    });
    expect(readJson(tree, 'package.json').devDependencies).toHaveProperty('@swc/core');
  });

  it('sets target options in package.json if it declares the project', async () => {
    tree.write('package.json', JSON.stringify({ name: '@acme/source', workspaces: ['apps/*'] }));
    tree.delete('apps/api/project.json');
    tree.write(
      'apps/api/package.json',
      JSON.stringify({ name: '@acme/api', main: './src/start.ts' }),
    );
    tree.write('apps/api/src/start.ts', '');
    await generate({ project: '@acme/api' });
    expect(image()).toMatchObject({ repository: 'api' });
    expect(readJson(tree, 'apps/api/package.json').nx).toEqual({
      targets: { build: { options: { main: '{projectRoot}/src/start.ts' } } },
    });
  });

  it.each([
    [
      'a project that is not there',
      { project: 'apy' },
      'PROJECT_MISSING',
      /"apy" does not exist.*: api/,
    ],
    [
      'a main file that is not there',
      { main: 'src/no.ts' },
      'MAIN_MISSING',
      /src\/no\.ts does not exist in apps\/api/,
    ],
  ])('rejects %s, and changes nothing', async (_, options, code, message) => {
    const before = tree.listChanges().length;
    await expect(generate(options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(tree.listChanges()).toHaveLength(before);
  });

  it('rejects an app without an entry file', async () => {
    tree.rename('apps/api/src/main.ts', 'apps/api/src/routes.ts');
    await expect(generate()).rejects.toMatchObject({
      code: 'MAIN_MISSING',
      message: expect.stringMatching(/--main/),
    });
  });

  it('accepts the part of a name after the scope if only one project has it', async () => {
    for (const [name, root] of [
      ['@acme/web', 'apps/web'],
      ['@acme/api', 'apps/scoped'],
      ['@other/web', 'apps/other-web'],
    ] as const) {
      addProjectConfiguration(tree, name, { root, projectType: 'application' });
    }
    tree.write('apps/scoped/src/main.ts', '');
    await expect(generate({ project: 'web' })).rejects.toMatchObject({ code: 'PROJECT_MISSING' });
    await generate({ project: 'api' });
    expect(tree.exists('apps/api/image.json')).toBe(true);
    tree.delete('apps/other-web/project.json');
    tree.write('apps/web/src/main.ts', '');
    await generate({ project: 'web' });
    expect(tree.exists('apps/web/image.json')).toBe(true);
  });

  it('rejects a library', async () => {
    addProjectConfiguration(tree, 'lib', { root: 'libs/lib', projectType: 'library' });
    await expect(generate({ project: 'lib' })).rejects.toMatchObject({
      code: 'NOT_AN_APPLICATION',
    });
  });

  it('rejects the root of a workspace', async () => {
    addProjectConfiguration(tree, 'alone', { root: '.', projectType: 'application' });
    await expect(generate({ project: 'alone' })).rejects.toMatchObject({ code: 'ROOT_PROJECT' });
  });

  it('rejects options that differ from an existing image.json', async () => {
    await generate();
    await expect(generate({ port: 9000, health: '/healthz' })).rejects.toMatchObject({
      code: 'IMAGE_CONFIG_DIFFERS',
      message: expect.stringMatching(/apps\/api\/image\.json.*"port" is 8080, not 9000/),
    });
  });
});
