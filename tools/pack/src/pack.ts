import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { bundleProgram } from './bundle-program';
import {
  type Compiled,
  type CompiledFile,
  compileEntries,
  type IsExternal,
} from './compile-entries';
import { type Collection, entryPoints } from './entry-points';
import { licensesOf } from './licenses';
import { type PackageDefinition } from './package-definition';
import { copyFiles, copyTypes, write } from './package-files';
import {
  folderOf,
  type Manifest,
  publishedManifest,
  type RootManifest,
} from './published-manifest';

const collectionFields = ['executors', 'generators'] as const;

/** Where `compile` writes a plugin, relative to the plugin's folder. */
export const compiledFolder = 'node_modules/.compiled';

/**
 * Compiles the plugin to where its package.json expects it: in `node_modules`, because Nx loads the TypeScript compiler to
 * look for the sources of everything else, 0.2 s in the process of each task.
 */
export async function compile(workspaceRoot: string, definition: PackageDefinition): Promise<void> {
  const folder = path.join(workspaceRoot, definition.root, compiledFolder);
  // The build context of an image has no documents and no Dockerfile; only generators read those.
  const files = definition.files.filter(({ from }) => existsSync(path.join(workspaceRoot, from)));
  const compiled = await compileInMemory(workspaceRoot, definition);
  await writePackage(workspaceRoot, folder, { ...definition, files }, compiled);
}

/** Third-party code becomes part of the output: loading one file takes a tenth of the time of loading hundreds. */
export async function compileInMemory(
  workspaceRoot: string,
  definition: PackageDefinition,
): Promise<readonly CompiledFile[]> {
  const isExternal = (name: string) => definition.loadedAtRunTime.some((each) => each.test(name));
  return (await compilePackage(workspaceRoot, definition, isExternal)).files;
}

/**
 * Writes the package to a folder in `dist/packages` and packs it there. The same sources give the same bytes: npm packs with
 * fixed times and modes.
 *
 * @returns the path of the tarball, relative to the workspace
 */
export async function pack(workspaceRoot: string, definition: PackageDefinition): Promise<string> {
  const manifestOf = (root: string) => readJson<Manifest>(workspaceRoot, root, 'package.json');
  const own = await manifestOf(definition.root);
  const inside = await Promise.all(definition.inside.map(manifestOf));
  const names = inside.map(({ name }) => name);
  const folder = path.join(workspaceRoot, 'dist/packages', folderOf(own.name));

  const { bundled } = definition;
  const { files, imported, inputs } = definition.program
    ? await bundleProgram(path.join(workspaceRoot, definition.root), definition.program)
    : await compileToPublish(workspaceRoot, definition, names);
  await writePackage(workspaceRoot, folder, definition, files);
  if (bundled) {
    const licenses = await licensesOf(path.join(workspaceRoot, definition.root), inputs);
    await write(path.join(folder, bundled.licenses), licenses);
  }
  if (definition.types) {
    await copyTypes(workspaceRoot, folder, [definition.root, ...definition.inside], names);
  }
  const root = await readJson<RootManifest>(workspaceRoot, 'package.json');
  const manifest = publishedManifest(own, { inside, root, imported }, definition);
  await write(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return path.relative(workspaceRoot, await npmPack(folder));
}

/**
 * Compiles what is published: only the libraries that are inside, and packages that are bundled, are part of the code.
 * @param inside the names of the libraries
 */
export function compileToPublish(
  workspaceRoot: string,
  definition: PackageDefinition,
  inside: readonly string[],
): Promise<Compiled> {
  const held = [...inside, ...(definition.bundled?.packages ?? [])];
  return compilePackage(
    workspaceRoot,
    definition,
    (name, importer) => !held.includes(name) && !importer.split(path.sep).includes('node_modules'),
  );
}

/** Writes the compiled code and the files beside it. */
async function writePackage(
  workspaceRoot: string,
  folder: string,
  definition: PackageDefinition,
  files: readonly CompiledFile[],
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of files) await write(path.join(folder, file.path), file.text);
  await copyFiles(workspaceRoot, folder, definition);
}

async function compilePackage(
  workspaceRoot: string,
  { root, apart }: PackageDefinition,
  isExternal: IsExternal,
): Promise<Compiled> {
  const own = await readJson<Manifest>(workspaceRoot, root, 'package.json');
  const collections = await Promise.all(
    collectionFields
      .flatMap((field) => own[field] ?? [])
      .map((file) => readJson<Collection>(workspaceRoot, root, path.basename(file))),
  );
  const entries = new Set(['src/index.ts', ...collections.flatMap(entryPoints)]);
  const isApart = (entry: string) => apart.includes(entry);
  const groups = [
    [...entries].filter((entry) => !isApart(entry)),
    ...[...entries].filter(isApart).map((entry) => [entry]),
  ];
  const compiled = await Promise.all(
    groups.map((group) => compileEntries(path.join(workspaceRoot, root), group, isExternal)),
  );
  return {
    // Groups that share code by a dynamic import write the same file, whose name has the hash of its content.
    files: [
      ...new Map(compiled.flatMap(({ files }) => files).map((file) => [file.path, file])).values(),
    ],
    imported: [...new Set(compiled.flatMap(({ imported }) => imported))].sort(),
    inputs: compiled.flatMap(({ inputs }) => inputs),
  };
}

const readJson = async <T>(...file: string[]): Promise<T> =>
  JSON.parse(await readFile(path.join(...file), 'utf8')) as T;

async function npmPack(folder: string): Promise<string> {
  const target = path.dirname(folder);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', target];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: folder });
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  return path.join(target, packed.filename);
}
