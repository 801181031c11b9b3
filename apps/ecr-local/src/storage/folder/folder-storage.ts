import { join, resolve } from 'node:path';
import { systemClock } from '../../clock';
import { type Storage } from '../storage';
import { claimFolder } from './data-folder';
import { createFolderBlobs } from './folder-blobs';
import { createFolderDocuments } from './folder-documents';
import { lockFolder } from './folder-lock';
import { createFolderLogs } from './folder-logs';
import { createFolderUploads } from './folder-uploads';
import { IntactFiles } from './intact-files';
import { readOrMakeSecret } from './token-secret';

/**
 * A folder, locked for this process: `documents/`, `repositories/`, `blobs/`, `uploads/` and `token-secret`, readable by its user alone.
 * Throws DataFolderInUseError if another process has it, DataFolderError if ecr-local did not create it.
 *
 * @param onLost Another process has taken the folder.
 * @param onDamage A file has other bytes than those that were written, and what follows from it.
 */
export async function openFolderStorage(
  path: string,
  onLost: (error: Error) => void,
  onDamage: (file: string, damage: string) => void = () => undefined,
): Promise<Storage> {
  const folder = resolve(path);
  const intactFiles = new IntactFiles((file) => onDamage(file, 'missing until it is pushed again'));
  await claimFolder(folder);
  const release = await lockFolder(folder, onLost);
  try {
    return {
      documents: createFolderDocuments(join(folder, 'documents')),
      logs: createFolderLogs(join(folder, 'repositories'), (file, bytes) =>
        onDamage(file, `the last ${bytes} bytes are left out: they were never acknowledged`),
      ),
      blobs: createFolderBlobs(join(folder, 'blobs'), intactFiles),
      uploads: createFolderUploads(join(folder, 'uploads'), join(folder, 'blobs'), intactFiles),
      clock: systemClock,
      tokenSecret: await readOrMakeSecret(join(folder, 'token-secret')),
      close: release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}
