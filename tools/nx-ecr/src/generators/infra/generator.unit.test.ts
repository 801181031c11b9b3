import { readJson, readProjectConfiguration, type Tree, updateJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import infraGenerator from './generator';

describe('nx g infra', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
  });

  const generate = () => infraGenerator(tree, { skipFormat: true });

  it('creates a CDK app with a configuration for every environment', async () => {
    await generate();
    const { targets } = readProjectConfiguration(tree, 'infra');
    expect(targets?.['deploy']).toMatchObject({
      executor: '@typerush/nx-ecr:cdk',
      options: { command: 'deploy' },
      configurations: { prod: { environment: 'prod' } },
      defaultConfiguration: 'dev',
    });
    expect(tree.exists('infra/src/main.ts')).toBe(true);
    expect(tree.read('infra/tsconfig.json', 'utf8')).not.toContain('<%');
    expect(readJson(tree, 'package.json').devDependencies).toMatchObject({
      'aws-cdk-lib': '2.270.0',
      '@typerush/infra-ecr': expect.any(String),
    });
  });

  it('keeps the versions that the workspace has', async () => {
    updateJson(tree, 'package.json', (json) => ({
      ...json,
      devDependencies: { '@typerush/infra-ecr': 'file:infra-ecr.tgz', 'aws-cdk': '2.1200.0' },
    }));
    await generate();
    expect(readJson(tree, 'package.json').devDependencies).toMatchObject({
      '@typerush/infra-ecr': 'file:infra-ecr.tgz',
      'aws-cdk': '2.1200.0',
    });
  });

  it('rejects an existing project or folder infra', async () => {
    tree.write('infra/main.tf', '');
    await expect(generate()).rejects.toMatchObject({ code: 'INFRA_EXISTS' });
  });
});
