import { execFile } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { compileEntries } from './compile-entries';
import { type Collection, entryPoints, published } from './entry-points';
import { type PackageDefinition } from './package-definition';
import { copyFiles, copyTypes, write } from './package-files';
import {
  folderOf,
  type Manifest,
  publishedManifest,
  type RootManifest,
} from './published-manifest';

const collectionFiles = ['executors', 'generators'] as const;

/**
 * Writes the package as a folder of `dist/packages`, and packs it there. The same sources give the same bytes: npm packs with
 * fixed times and modes.
 *
 * @returns the path of the tarball, relative to the workspace
 */
export async function pack(workspaceRoot: string, definition: PackageDefinition): Promise<string> {
  const read = async <T>(file: string): Promise<T> =>
    JSON.parse(await readFile(path.join(workspaceRoot, file), 'utf8')) as T;
  const manifestOf = (root: string) => read<Manifest>(`${root}/package.json`);
  const own = await manifestOf(definition.root);
  const inside = await Promise.all(definition.inside.map(manifestOf));
  const names = inside.map(({ name }) => name);
  const folder = path.join(workspaceRoot, 'dist/packages', folderOf(own.name));
  const writeJson = (file: string, value: object) =>
    write(path.join(folder, file), `${JSON.stringify(value, null, 2)}\n`);

  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const entries = ['src/index.ts'];
  for (const file of collectionFiles.flatMap((field) => own[field] ?? [])) {
    const collection = await read<Collection>(path.join(definition.root, file));
    entries.push(...entryPoints(collection));
    await writeJson(file, published(collection));
  }
  const { files, imported } = await compileEntries(
    path.join(workspaceRoot, definition.root),
    [...new Set(entries)],
    names,
  );
  for (const file of files) await write(path.join(folder, file.path), file.text);
  await copyFiles(workspaceRoot, folder, definition);
  if (definition.types) {
    await copyTypes(workspaceRoot, folder, [definition.root, ...definition.inside], names);
  }
  const root = await read<RootManifest>('package.json');
  await writeJson('package.json', publishedManifest(own, { inside, root, imported }, definition));
  return path.relative(workspaceRoot, await npmPack(folder));
}

async function npmPack(folder: string): Promise<string> {
  const target = path.dirname(folder);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', target];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: folder });
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  return path.join(target, packed.filename);
}
