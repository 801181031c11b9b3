import { type Tree, updateJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { nodeMajor } from './node-version';

describe('the version of Node of a workspace', () => {
  let tree: Tree;
  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
  });

  it.each([
    ['v22.11.0\n', 22],
    ['24', 24],
    ['25.1', 25],
    ['lts/*', 26],
    ['18', 26],
  ])('is that of .nvmrc: %j', (text, expected) => {
    tree.write('.nvmrc', text);
    expect(nodeMajor(tree)).toBe(expected);
  });

  it.each([
    ['>=20.19', 26],
    ['^22.12.0', 22],
    ['~24.1', 24],
    ['22.x', 22],
    ['20 || 22', 22],
    ['>=20 <24', 22],
    ['>=20 <=24', 24],
    ['>= 20.19.0 < 23', 22],
    ['*', 26],
    ['>=30', 26],
  ])('is the newest that engines allow: %s', (node, expected) => {
    updateJson(tree, 'package.json', (json) => ({ ...json, engines: { node } }));
    expect(nodeMajor(tree)).toBe(expected);
  });

  it('is that of .node-version before that of engines', () => {
    tree.write('.node-version', '20.19.0');
    updateJson(tree, 'package.json', (json) => ({ ...json, engines: { node: '^24' } }));
    expect(nodeMajor(tree)).toBe(20);
  });
});
