import { publishedManifest } from './published-manifest';

const own = {
  name: '@typerush/tool',
  version: '1.2.3',
  description: 'A tool',
  license: 'MIT',
  private: true,
  nx: { tags: [] },
  exports: { '.': './src/index.ts' },
  executors: './executors.json',
  dependencies: { '@typerush/lib': '0.1.0', '@nx/devkit': '23.2.1', zod: '4.6.7' },
  devDependencies: { jest: '30.0.0' },
};
const lib = { name: '@typerush/lib', version: '0.1.0', dependencies: { fflate: '0.8.3' } };
const peers = { '@nx/devkit': '^23.2.1' };
const root = { repository: 'https://example.org/tool', engines: { node: '>=20.19', npm: '>=10' } };

const manifest = (
  imported = ['@nx/devkit', 'fflate', 'zod'],
  { types = false, peersAreDeclared = false } = {},
) => publishedManifest(own, { inside: [lib], root, imported }, { peers, peersAreDeclared, types });

describe('publishedManifest', () => {
  it('contains what the code imports, and nothing of the workspace', () => {
    expect(manifest()).toEqual({
      name: '@typerush/tool',
      version: '1.2.3',
      description: 'A tool',
      license: 'MIT',
      repository: 'https://example.org/tool',
      engines: { node: '>=20.19' },
      main: './dist/index.js',
      exports: { '.': { default: './dist/index.js' }, './package.json': './package.json' },
      executors: './executors.json',
      generators: undefined,
      dependencies: { fflate: '0.8.3', zod: '4.6.7' },
      peerDependencies: peers,
    });
  });

  it('contains the path of the type declarations', () => {
    expect(manifest(undefined, { types: true })).toMatchObject({
      types: './types/tool/src/index.d.ts',
      exports: { '.': { types: './types/tool/src/index.d.ts' } },
    });
  });

  it('has a range of versions for dependencies that the workspace shares', () => {
    const definition = { peers: {}, ranges: { '@nx/devkit': '^23.2.1' }, types: false };
    const { dependencies } = publishedManifest(
      own,
      { inside: [lib], root, imported: [] },
      { ...definition, peersAreDeclared: false },
    ) as { dependencies: object };
    expect(dependencies).toEqual({ '@nx/devkit': '^23.2.1', fflate: '0.8.3', zod: '4.6.7' });
  });

  it('does not depend on packages that are part of the code', () => {
    const bundled = { packages: ['fflate'], licenses: 'LICENSES.txt' };
    const definition = { peers, peersAreDeclared: false, types: false, bundled };
    const published = publishedManifest(own, { inside: [lib], root, imported: [] }, definition);
    expect(published).toMatchObject({ dependencies: { zod: '4.6.7' } });
    expect(published).not.toHaveProperty('dependencies.fflate');
  });

  it('marks peers as optional if the installing package declares them', () => {
    expect(manifest(undefined, { peersAreDeclared: true })).toMatchObject({
      peerDependencies: peers,
      peerDependenciesMeta: { '@nx/devkit': { optional: true } },
    });
  });

  it('fails if a library of the workspace is not inside', () => {
    const more = { ...lib, dependencies: { '@typerush/other': '0.1.0' } };
    const definition = { peers, peersAreDeclared: false, types: false };
    expect(() =>
      publishedManifest(own, { inside: [more], root, imported: [] }, definition),
    ).toThrow('needs @typerush/other: list its folder in "inside"');
  });

  it('fails if the code imports a package that no package.json declares', () => {
    expect(() => manifest(['left-pad'])).toThrow(
      'imports left-pad, which no package.json declares',
    );
  });

  it('is, for a program that contains all that it needs, a command without dependencies', () => {
    const program = {
      command: 'tool',
      entry: 'src/package.ts',
      file: 'dist/tool.js',
      licenses: 'LICENSES.txt',
      types: ['src/testing/index.ts'],
    };
    const settings = { peers: {}, peersAreDeclared: false, types: false, program };
    expect(publishedManifest(own, { inside: [], root, imported: [] }, settings)).toEqual({
      name: '@typerush/tool',
      version: '1.2.3',
      description: 'A tool',
      license: 'MIT',
      repository: root.repository,
      engines: { node: '>=20.19' },
      bin: { tool: './dist/tool.js' },
      main: './dist/tool.js',
      types: './types/index.d.ts',
      exports: {
        '.': { types: './types/index.d.ts', default: './dist/tool.js' },
        './package.json': './package.json',
      },
    });
  });
});
