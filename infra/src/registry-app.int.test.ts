import { rm } from 'node:fs/promises';
import path from 'node:path';
import { environments } from '@typerush/image-registry';
import { FixtureWorkspace, imageConfig } from '../test/workspace';
import { createRegistryApp } from './registry-app';

let workspace: FixtureWorkspace;
beforeEach(async () => {
  workspace = await FixtureWorkspace.create();
});
afterEach(() => workspace.remove());

const appOf = (environment: string | undefined) =>
  createRegistryApp(workspace.root, {
    outdir: path.join(workspace.root, 'out'),
    context: { environment },
  });

const templatesOf = (environment: string) =>
  Object.fromEntries(
    appOf(environment)
      .synth()
      .stacks.map(({ stackName, template }) => [stackName, template as unknown]),
  );

describe('the registry app', () => {
  it.each(environments)('has the stacks of %s', (environment) => {
    expect(Object.keys(templatesOf(environment))).toEqual(
      expect.arrayContaining(
        ['access', 'api', 'game-service', 'realtime', 'workers'].map(
          (part) => `typerush-${environment}-registry-${part}`,
        ),
      ),
    );
  });

  it('has the stacks of another team by its registry.json and image.json alone', async () => {
    await workspace.write('registry.json', {
      namespace: 'acme',
      naming: 'per-environment',
      systems: [
        { namespace: 'acme-data', naming: 'shared', retention: 'environment', services: ['etl'] },
      ],
    });
    await workspace.write('apps/game-service/image.json', {
      ...imageConfig,
      repository: 'shop',
      keep: { images: { prod: 40 }, untaggedDays: 3 },
    });
    await workspace.write('apps/billing/image.json', { ...imageConfig, repository: 'billing' });
    for (const environment of ['dev', 'staging', 'prod']) {
      const templates = templatesOf(environment);
      expect(JSON.stringify(templates)).not.toContain('typerush');
      expect(Object.keys(templates)).toEqual(
        expect.arrayContaining(
          ['access', 'billing', 'etl', 'game-service'].map(
            (part) => `acme-${environment}-registry-${part}`,
          ),
        ),
      );
      const shop = JSON.stringify(templates[`acme-${environment}-registry-game-service`]);
      expect(shop).toContain(`"acme-${environment}/shop"`);
      expect(shop).toContain('Keep the last 40 images with a tag prod*');
      expect(shop).toContain('Expire untagged images older than 3 days');
    }
  });

  it('rejects a lifecycle policy of another system that does not do what it says', async () => {
    const rule = (rulePriority: number, tagPrefixList: string[]) => ({
      rulePriority,
      selection: {
        tagStatus: 'tagged',
        tagPrefixList,
        countType: 'imageCountMoreThan',
        countNumber: 10,
      },
      action: { type: 'expire' },
    });
    await workspace.write('registry.json', {
      namespace: 'acme',
      naming: 'shared',
      systems: [
        {
          namespace: 'acme-data',
          naming: 'shared',
          retention: { rules: [rule(1, ['v', 'prod'])] },
          services: ['etl'],
        },
      ],
    });
    expect(() => appOf('dev')).toThrow(
      /lifecycle policy of acme-data\/etl .*Write one rule for each/s,
    );
  });

  it('has the same templates each time', () => {
    expect(templatesOf('prod')).toEqual(templatesOf('prod'));
  });

  it('has a stack for each of a hundred services', async () => {
    for (let nth = 1; nth <= 100; nth++) {
      await workspace.write(`apps/service-${nth}/image.json`, {
        ...imageConfig,
        repository: `service-${nth}`,
      });
    }
    const services = Object.keys(templatesOf('prod')).filter((name) =>
      /-registry-service-\d+$/.test(name),
    );
    expect(services).toHaveLength(100);
  });

  it.each(['production', undefined])('rejects the environment %s', (environment) => {
    expect(() => appOf(environment)).toThrow(/one of local, dev, staging, prod/);
  });

  it('reports every fault of every image.json', async () => {
    await workspace.write('apps/game-service/image.json', { ...imageConfig, retention: 'forever' });
    await workspace.write('apps/record-service/image.json', { ...imageConfig, prot: 3001 });
    expect(() => appOf('dev')).toThrow(
      [
        'apps/game-service/image.json is not valid:',
        '  - retention: must be one of environment, release, not "forever"',
        'apps/record-service/image.json is not valid:',
        '  - prot: is not a known field. Did you mean "port"?',
      ].join('\n'),
    );
  });

  it('reports the folder to run it in if registry.json is missing', async () => {
    await rm(path.join(workspace.root, 'registry.json'));
    expect(() => appOf('dev')).toThrow(
      /registry\.json is missing\. Run this from the root of the workspace/,
    );
  });
});
