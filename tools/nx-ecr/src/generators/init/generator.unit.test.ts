import { readJson, readNxJson, type Tree, updateJson, updateNxJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { parseRegistryConfig } from '@typerush/image-registry';
import initGenerator from './generator';

const plugin = '@typerush/nx-ecr';

describe('nx g init', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
  });

  it('registers the plugin and adds the files that images need', async () => {
    await initGenerator(tree, { skipFormat: true, namespace: 'acme' });
    expect(readNxJson(tree)?.plugins).toEqual([plugin]);
    expect(parseRegistryConfig(tree.read('registry.json', 'utf8') ?? '')).toMatchObject({
      namespace: 'acme',
      naming: 'shared',
    });
    expect(tree.read('docker/service.Dockerfile', 'utf8')).toContain('AS runtime');
    expect(tree.read('.dockerignore', 'utf8')).toContain('node_modules');
    expect(tree.read('.gitignore', 'utf8')).toContain('dist/');
    expect(Object.keys(readNxJson(tree)?.namedInputs ?? {})).toEqual(
      expect.arrayContaining(['default', 'production']),
    );
  });

  it('bases images on the Node of the workspace', async () => {
    tree.write('.nvmrc', 'v22.11.0');
    await initGenerator(tree, { skipFormat: true });
    const dockerfile = tree.read('docker/service.Dockerfile', 'utf8');
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=\S+\/node:22-alpine$/m);
    expect(dockerfile).not.toContain('node:26');
  });

  it('changes nothing in a second run', async () => {
    await initGenerator(tree, { skipFormat: true });
    const before = contents(tree);
    await initGenerator(tree, { skipFormat: true, namespace: 'other', buildTargetName: 'other' });
    expect(contents(tree)).toEqual(before);
  });

  it('does not change existing files', async () => {
    const own = {
      'docker/service.Dockerfile': 'FROM scratch\n',
      '.dockerignore': '*\n',
      '.gitignore': 'dist\n',
      'registry.json': '{ "namespace": "acme", "naming": "per-environment" }\n',
    };
    for (const [file, content] of Object.entries(own)) tree.write(file, content);
    updateNxJson(tree, { plugins: ['@nx/js'], namedInputs: { production: ['src'] } });
    await initGenerator(tree, { skipFormat: true });
    expect(contents(tree)).toMatchObject(own);
    expect(readNxJson(tree)).toMatchObject({
      plugins: ['@nx/js', plugin],
      namedInputs: { production: ['src'] },
    });
  });

  it('writes the Dockerfile to the path in the plugin options', async () => {
    const entry = { plugin, options: { dockerfile: 'images/Dockerfile' } };
    updateNxJson(tree, { plugins: [entry] });
    await initGenerator(tree, { skipFormat: true });
    expect(tree.exists('images/Dockerfile')).toBe(true);
    expect(tree.exists('docker/service.Dockerfile')).toBe(false);
  });

  it.each([
    ['@acme/source', 'acme'],
    ['My Company', 'my-company'],
    ['__', 'workspace'],
  ])('calls the registry of the workspace %s %s', async (name, namespace) => {
    updateJson(tree, 'package.json', (json) => ({ ...json, name }));
    await initGenerator(tree, { skipFormat: true });
    expect(readJson(tree, 'registry.json')).toMatchObject({ namespace });
  });
});

const contents = (tree: Tree) =>
  Object.fromEntries(tree.listChanges().map(({ path, content }) => [path, content?.toString()]));
