import path from 'node:path';
import { type PackageDefinition } from './package-definition';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly executors?: string;
  readonly generators?: string;
}

export interface RootManifest {
  readonly repository?: unknown;
  readonly engines?: Readonly<Record<string, string>>;
}

/**
 * The package.json that is published: without fields for the workspace, with every package that the code imports.
 *
 * @param own package.json of the package
 * @param inside package.json of the libraries that are bundled into it
 * @param imported the packages that the code imports
 * @throws Error if an imported package is not declared, or a library of the workspace is neither inside nor published
 */
export function publishedManifest(
  own: Manifest,
  {
    inside,
    root,
    imported,
  }: {
    readonly inside: readonly Manifest[];
    readonly root: RootManifest;
    readonly imported: readonly string[];
  },
  {
    peers,
    peersAreDeclared,
    ranges = {},
    types,
    program,
    bundled,
  }: Pick<
    PackageDefinition,
    'peers' | 'peersAreDeclared' | 'ranges' | 'types' | 'program' | 'bundled'
  >,
): object {
  if (program) return programManifest(own, root, program);
  const held = new Set([...[own, ...inside].map(({ name }) => name), ...(bundled?.packages ?? [])]);
  const declared = Object.entries(
    Object.assign({}, ...inside.map((each) => each.dependencies), own.dependencies) as Record<
      string,
      string
    >,
  ).filter(([name]) => !held.has(name) && !(name in peers));
  const dependencies = Object.fromEntries(
    declared
      .map(([name, version]) => [name, ranges[name] ?? version] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  const scope = `${own.name.split('/')[0]}/`;
  const missing = Object.keys(dependencies).filter((name) => name.startsWith(scope));
  if (missing.length > 0) {
    throw new Error(
      `${own.name} needs ${missing.join(', ')}: list its folder in "inside" of package-definition.ts.`,
    );
  }
  const unknown = imported.filter((name) => !(name in dependencies) && !(name in peers));
  if (unknown.length > 0) {
    throw new Error(`${own.name} imports ${unknown.join(', ')}, which no package.json declares.`);
  }
  const { name, version, description, license, executors, generators } = own;
  return {
    name,
    version,
    description,
    license,
    repository: root.repository,
    engines: { node: root.engines?.['node'] },
    main: './dist/index.js',
    ...(types && { types: typesOf(own) }),
    exports: {
      '.': { ...(types && { types: typesOf(own) }), default: './dist/index.js' },
      './package.json': './package.json',
    },
    executors: executors && `./${path.basename(executors)}`,
    generators: generators && `./${path.basename(generators)}`,
    dependencies,
    peerDependencies: peers,
    ...(peersAreDeclared && { peerDependenciesMeta: optional(Object.keys(peers)) }),
  };
}

/** Of a program that contains all that it needs. */
function programManifest(
  { name, version, description, license }: Manifest,
  { repository, engines }: RootManifest,
  { command, file, types: [entry = ''] }: NonNullable<PackageDefinition['program']>,
): object {
  const types = `./${declarationOf(entry)}`;
  return {
    name,
    version,
    description,
    license,
    repository,
    engines: { node: engines?.['node'] },
    bin: { [command]: `./${file}` },
    main: `./${file}`,
    types,
    exports: {
      '.': { types, default: `./${file}` },
      './package.json': './package.json',
    },
  };
}

const optional = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { optional: true }]));

/** Where the declarations of a file of a program are. */
export const declarationOf = (file: string) => `types/${path.basename(file, '.ts')}.d.ts`;

/** Declarations are separate from the code, in a folder for each library. */
const typesOf = ({ name }: Manifest) => `./types/${folderOf(name)}/src/index.d.ts`;

export const folderOf = (packageName: string) => packageName.split('/').at(-1) ?? packageName;
