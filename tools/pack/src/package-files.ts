import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type PackageDefinition } from './package-definition';
import { folderOf } from './published-manifest';

/** Copies the files that are not compiled. */
export async function copyFiles(
  workspaceRoot: string,
  folder: string,
  { files }: PackageDefinition,
): Promise<void> {
  for (const { from, to, only } of files) {
    const source = path.join(workspaceRoot, from);
    for (const file of await filesIn(source)) {
      if (only && !only.test(file.split(path.sep).join('/'))) continue;
      const target = path.join(folder, to, path.relative(source, file));
      await write(target, await readFile(file));
    }
  }
}

/**
 * Copies the declarations that `typecheck` wrote to dist/types, those of each library to a folder of its own.
 *
 * @param roots the folders of the libraries
 * @param names names of the libraries, which become relative paths since the libraries are not published
 */
export async function copyTypes(
  workspaceRoot: string,
  folder: string,
  roots: readonly string[],
  names: readonly string[],
): Promise<void> {
  const types = path.join(folder, 'types');
  for (const root of roots) {
    const source = path.join(workspaceRoot, 'dist/types', root, 'src');
    const declarations = (await filesIn(source)).filter((file) => /(?<!\.test)\.d\.ts$/.test(file));
    for (const file of declarations) {
      const target = path.join(types, folderOf(root), 'src', path.relative(source, file));
      const toTypes = path.relative(path.dirname(target), types).split(path.sep).join('/');
      const text = names.reduce(
        (all, name) => all.replaceAll(`'${name}'`, `'${toTypes}/${folderOf(name)}/src'`),
        await readFile(file, 'utf8'),
      );
      await write(target, text.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
    }
  }
}

/** The file itself, or all files in a folder. */
async function filesIn(source: string): Promise<string[]> {
  try {
    const entries = await readdir(source, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [source];
    throw error;
  }
}

export async function write(file: string, content: string | Buffer): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}
