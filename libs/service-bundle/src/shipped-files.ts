import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { placeInStore } from './plug-and-play';
import { packageFolder, workspacePath } from './third-party';

/** A file of a package that is shipped as files. */
export interface ShippedFile {
  /** Absolute. */
  readonly source: string;
  /** Relative to the bundle: `dependencies/node_modules/pdfkit/js/pdfkit.js`. */
  readonly file: string;
}

/**
 * The place of a third-party file below `dependencies/`. It keeps the folders of the workspace, since Node searches them upwards.
 * Packages may be linked from outside of the workspace; a bundle must not contain a path of this machine.
 */
export const placeOf = (workspaceRoot: string, file: string): string =>
  placeInStore(file) ??
  workspacePath(workspaceRoot, file).replace(/^(\.\.\/)+(.*?\/)?(?=node_modules\/)/, '');

export const shippedFile = (workspaceRoot: string, source: string): ShippedFile => ({
  source,
  file: `dependencies/${placeOf(workspaceRoot, source)}`,
});

/** The files of a package, absolute. */
export async function filesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return (
    names
      .filter((entry) => entry.isFile())
      // In an archive of Yarn, the path of an entry is relative to the folder.
      .map(({ parentPath, name }) => path.resolve(folder, parentPath, name))
      .filter((file) => packageFolder(file) === folder)
  );
}

/** The packages of these files. A link of pnpm belongs to the package that it points to. */
export async function packagesOf(files: readonly ShippedFile[]): Promise<ReadonlySet<string>> {
  const folders = new Set<string>();
  for (const { source } of files) {
    const isLink = (await lstat(source)).isSymbolicLink();
    folders.add(packageFolder(isLink ? await realpath(source) : source));
  }
  return folders;
}
