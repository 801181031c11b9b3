import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { ForeignWorkspace } from './support/foreign-workspace';
import { LocalRegistry } from './support/local-registry';
import { PulledImage } from './support/pulled-image';
import { BuiltService } from './support/service-process';
import { WorkspaceCopy } from './support/workspace-copy';

/** A foreign workspace: Nx, an app declared by project.json, and another one, a package with its own build script. */
const files = {
  'package.json': {
    name: '@acme/source',
    version: '1.4.0',
    private: true,
    license: 'Apache-2.0',
    workspaces: ['packages/*'],
    dependencies: { express: '5.3.0' },
    devDependencies: { '@types/express': '5.0.6', nx: '23.2.1', typescript: '6.0.3' },
  },
  'nx.json': { neverConnectToCloud: true, analytics: false, defaultBase: 'main' },
  '.gitignore': 'node_modules/\n.nx/\n',
  'apps/api/project.json': { name: 'api', projectType: 'application', sourceRoot: 'apps/api/src' },
  'apps/api/tsconfig.json': { compilerOptions: { strict: true, module: 'esnext' } },
  'apps/api/src/server.ts': `import express from 'express';

const app = express();
app.get('/healthz', (_request, response) => response.json({ ok: true }));
app.get('/greeting', (_request, response) => response.json({ text: 'Hello from acme' }));
const server = app.listen(Number(process.env.PORT ?? 8080));
process.on('SIGTERM', () => server.close());
`,
  'packages/web/package.json': {
    name: '@acme/web',
    version: '0.3.0',
    private: true,
    scripts: { build: 'node -e 0' },
    dependencies: { express: '5.3.0' },
  },
  'packages/web/index.js': `const express = require('express');
express().get('/health', (_request, response) => response.end()).listen(process.env.PORT || 4000);
`,
} as const;

describe('the packed plugin in a foreign workspace', () => {
  let source: WorkspaceCopy;
  let foreign: ForeignWorkspace;
  let registry: LocalRegistry;
  let tarballs: Record<'nx-ecr' | 'infra-ecr', string>;

  beforeAll(async () => {
    source = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(source);
    await source.nxOk(['run-many', '-t', 'pack', '-p', 'nx-ecr,infra-ecr']);
    const folder = source.path('dist/packages');
    const packed = await readdir(folder);
    const tarball = (name: string) =>
      join(folder, packed.find((file) => file.startsWith(`typerush-${name}-`)) ?? name);
    tarballs = { 'nx-ecr': tarball('nx-ecr'), 'infra-ecr': tarball('infra-ecr') };
    foreign = await ForeignWorkspace.create(files);
  });
  afterAll(async () => {
    await registry?.stop();
    await foreign?.remove();
    await source?.remove();
  });

  const repositories = async () => {
    const { repositories: all = [] } = await registry.ecr.send(new DescribeRepositoriesCommand());
    return all.map(({ repositoryName }) => repositoryName);
  };

  it('is packed to the same bytes again', async () => {
    const hash = async () =>
      createHash('sha256')
        .update(await readFile(tarballs['nx-ecr']))
        .digest('hex');
    const before = await hash();
    await source.nxOk(['run', 'nx-ecr:pack']);
    expect(await hash()).toBe(before);
  });

  it('builds and pushes an Express app in three commands', async () => {
    await registry.createRepositories('acme/api');
    await foreign.npm('install', '--save-dev', tarballs['nx-ecr']);
    await foreign.npxOk(['nx', 'g', '@typerush/nx-ecr:image', '--project=api']);
    const output = await foreign.npxOk(
      ['nx', 'run', 'api:docker-push', '-c', 'local'],
      registry.env,
    );
    expect([...(await registry.images('acme/api')).values()].flat()).toContain('latest');
    expect(output).toContain('acme/api');
  });

  it('contains nothing of this repository except the plugin', async () => {
    expect(await readdir(foreign.path('node_modules/@typerush'))).toEqual(['nx-ecr']);
    const installed = foreign.path('node_modules/@typerush/nx-ecr');
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as object;
    expect(JSON.stringify(manifest)).not.toMatch(
      /private|devDependencies|"nx":\{|@typerush\/(?!nx-ecr)/,
    );
    const all = await readdir(installed, { recursive: true });
    expect(all.filter((file) => /\.ts$/.test(file))).toEqual([]);
    expect(all).toEqual(
      expect.arrayContaining(['README.md', 'LICENSE', 'docker/service.Dockerfile']),
    );
    for (const file of all.filter((each) => /\.(js|json)$/.test(each))) {
      const text = await readFile(join(installed, file), 'utf8');
      expect(text.includes(source.root)).toBe(false);
    }
  });

  it('builds an image that runs', async () => {
    const built = JSON.parse(
      await readFile(foreign.path('dist/images/api/build.json'), 'utf8'),
    ) as { platforms: [{ layers: { fromBase: boolean }[] }] };
    const baseLayers = built.platforms[0].layers.filter(({ fromBase }) => fromBase).length;
    const image = await PulledImage.pull(registry.ecr, {
      repositoryName: 'acme/api',
      imageTag: 'latest',
      baseLayers,
    });
    try {
      expect(image.config.Env).toContain('PORT=8080');
      const [node, ...args] = image.config.Cmd;
      expect(node).toBe('node');
      const service = await BuiltService.start(join(image.root, image.config.WorkingDir), args);
      await service.untilAnswers('/healthz');
      const greeting = await fetch(`${service.url}/greeting`);
      expect(await greeting.json()).toEqual({ text: 'Hello from acme' });
      expect(await service.stop()).toBe(0);
    } finally {
      await image.remove();
    }
  });

  it('verifies the image, and finds no development packages in it', async () => {
    const verified = ['nx', 'run', 'api:docker-verify', '-c', 'local', '--runtime=node'];
    expect(await foreign.npxOk(verified)).toMatch(/pass\s+development-packages/);
  });

  it('generates the CDK app, and provisions a repository for a push', async () => {
    await foreign.commit('feat: ship api');
    await foreign.npm('install', '--save-dev', tarballs['infra-ecr']);
    await foreign.npxOk(['nx', 'g', '@typerush/nx-ecr:infra']);
    await foreign.npxOk(['tsc', '--noEmit', '-p', 'infra']);
    await foreign.npxOk(['nx', 'g', '@typerush/nx-ecr:image', '@acme/web']);
    await foreign.commit('feat: ship web');
    expect(await repositories()).not.toContain('acme/web');
    const pushed = ['nx', 'run', '@acme/web:docker-push', '-c', 'local', '--provision'];
    await foreign.npxOk(pushed, registry.env);
    expect(await repositories()).toContain('acme/web');
    expect([...(await registry.images('acme/web')).values()].flat()).toContain('latest');
  });

  it('keeps the existing build target of an app', async () => {
    const own = JSON.parse(
      (await foreign.npx(['nx', 'show', 'project', '@acme/web', '--json'])).stdout,
    ) as {
      targets: Record<string, { executor: string }>;
    };
    expect(own.targets['build']?.executor).toBe('nx:run-script');
    expect(own.targets['bundle']?.executor).toBe('@typerush/nx-ecr:build');
  });

  it('generates a service that passes its own tests', async () => {
    await foreign.npxOk(['nx', 'g', '@typerush/nx-ecr:service', 'jobs', '--framework=worker']);
    await foreign.npxOk(['nx', 'run-many', '-t', 'typecheck', 'test', '--projects=jobs']);
  });
});
