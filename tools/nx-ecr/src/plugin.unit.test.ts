import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type CreateNodesContext, type TargetConfiguration } from '@nx/devkit';
import { createNodes } from './plugin';

const context: CreateNodesContext = { nxJsonConfiguration: {}, workspaceRoot: '/nowhere' };

async function infer(
  options?: unknown,
  files = ['apps/a/image.json', 'infra/src/main.ts'],
): Promise<Record<string, TargetConfiguration>> {
  const [, create] = createNodes;
  const [[, { projects }]] = (await create(files, options, context)) as [
    [string, { projects: Record<string, { targets: Record<string, TargetConfiguration> }> }],
  ];
  return projects['apps/a']?.targets ?? {};
}

function optionsOf(executor: string): string[] {
  const file = path.join(__dirname, 'targets', executor, 'schema.json');
  const schema = JSON.parse(readFileSync(file, 'utf8')) as { properties: object };
  return Object.keys(schema.properties);
}

describe('a project with an image.json', () => {
  it('has a description and an example of every target', async () => {
    for (const [name, { metadata }] of Object.entries(await infer())) {
      expect(metadata?.description).toMatch(/^[A-Z].+[^.]$/);
      expect(metadata?.help?.command).toBe(`npx nx run <project>:${name} --help`);
      expect(metadata?.help?.example).toBeDefined();
    }
  });

  it('has the image targets, whatever the file contains', async () => {
    expect(Object.keys(await infer())).toEqual([
      'build',
      'docker-build',
      'docker-lock',
      'docker-verify',
      'docker-audit',
      'docker-push',
      'docker-diff',
      'docker-scan',
      'docker-promote',
      'docker-rollback',
      'nx-release-publish',
      'provision',
      'docker-deploy',
    ]);
  });

  it.each(['docker-build', 'docker-verify', 'docker-push', 'docker-rollback', 'provision'])(
    'has a configuration of %s for every environment, dev by default',
    async (target) => {
      const { [target]: inferred } = await infer();
      expect(inferred?.configurations).toEqual({
        local: { environment: 'local' },
        dev: { environment: 'dev' },
        staging: { environment: 'staging' },
        prod: { environment: 'prod' },
      });
      expect(inferred?.defaultConfiguration).toBe('dev');
    },
  );

  it('caches targets that depend only on files', async () => {
    const cached = Object.entries(await infer()).filter(([, { cache }]) => cache);
    expect(cached.map(([name]) => name)).toEqual(['build', 'docker-build']);
  });

  it('is affected by the Dockerfile that the options name and by .dockerignore', async () => {
    const { 'docker-build': build, 'docker-push': push } = await infer({
      dockerfile: 'Dockerfile',
    });
    for (const target of [build, push]) {
      expect(target?.inputs).toEqual(
        expect.arrayContaining([
          '{workspaceRoot}/Dockerfile',
          '{workspaceRoot}/.dockerignore',
          '{workspaceRoot}/package-lock.json',
        ]),
      );
    }
    expect(build?.options).toEqual({ dockerfile: 'Dockerfile' });
  });

  it('bundles with the target that the options name, and so does docker-build', async () => {
    const targets = await infer({ buildTargetName: 'bundle' });
    expect(targets).not.toHaveProperty('build');
    expect({ ...targets['bundle'], metadata: {} }).toEqual({
      ...(await infer())['build'],
      metadata: {},
    });
    expect(targets['docker-build']).toMatchObject({
      dependsOn: ['bundle'],
      options: { buildTarget: 'bundle' },
    });
  });

  it('has no target provision and docker-deploy if the workspace has no stacks', async () => {
    const targets = await infer({}, ['apps/a/image.json']);
    expect(targets).toHaveProperty('docker-push');
    expect(targets).not.toHaveProperty('provision');
    expect(targets).not.toHaveProperty('docker-deploy');
  });

  it('bundles before it builds the image, and builds before it verifies or pushes with the same options', async () => {
    const targets = await infer();
    expect(targets['docker-build']?.dependsOn).toEqual(['build']);
    for (const name of ['docker-verify', 'docker-push']) {
      expect(targets[name]?.dependsOn).toEqual([{ target: 'docker-build', params: 'forward' }]);
    }
  });

  it.each(['docker-verify', 'docker-push'])(
    'has a docker-build that accepts the forwarded options of %s',
    (target) => {
      expect(optionsOf('docker-build')).toEqual(expect.arrayContaining(optionsOf(target)));
    },
  );
});

it('an unknown plugin option fails with its name', async () => {
  await expect(infer({ dockerFile: 'Dockerfile' })).rejects.toThrow(/nx\.json[\s\S]*dockerFile/);
});

it('two projects share no target object, since Nx modifies it', async () => {
  const [, create] = createNodes;
  const results = await create(['apps/a/image.json', 'apps/b/image.json'], undefined, context);
  const [one, other] = results.map(([, { projects }]) => Object.values(projects ?? {})[0]?.targets);
  expect(one).toEqual(other);
  for (const [name, target] of Object.entries(one ?? {})) {
    expect(target).not.toBe(other?.[name]);
    expect(target.dependsOn ?? []).not.toBe(other?.[name]?.dependsOn);
  }
});
