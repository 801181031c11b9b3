import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';

/** Where backups of an environment are kept unless told otherwise, relative to the workspace's root. */
export const backupsFolder = (environment: Environment) => path.posix.join('backups', environment);

/** A folder named for the moment: backups sort by their names, and a colon is no part of a file's name everywhere. */
export const defaultBackupFolder = (environment: Environment, now: Date) =>
  path.posix.join(
    backupsFolder(environment),
    now
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replaceAll(':', '-'),
  );

/** The folders of an environment's backups, complete or not, relative to the workspace's root; newest first. */
export async function backupFolders(
  workspaceRoot: string,
  environment: Environment,
): Promise<readonly string[]> {
  const parent = backupsFolder(environment);
  const entries = await readdir(path.join(workspaceRoot, parent), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.posix.join(parent, name))
    .sort()
    .reverse();
}
