import { readLockedPackages } from './package-lock';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

const folderMark = 'node_modules/';

/** The packages that the lock file of npm or bun lists for production, each once; none of another package manager. */
export async function readInstalledPackages(
  workspaceRoot: string,
): Promise<readonly InstalledPackage[]> {
  const packages = new Map<string, InstalledPackage>();
  for (const [folder, { version, dev }] of Object.entries(
    await readLockedPackages(workspaceRoot),
  )) {
    const at = folder.lastIndexOf(folderMark);
    // Folders of the workspace are own code; links have no version.
    if (at < 0 || version === undefined || dev) continue;
    const name = folder.slice(at + folderMark.length);
    packages.set(`${name}@${version}`, { name, version });
  }
  return [...packages.values()];
}
