import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Storage } from '../storage';
import { ensureFolder, writeDurably } from './durable-file';
import { createFolderBlobs } from './folder-blobs';
import { createFolderDocuments, sweepDocuments } from './folder-documents';
import { lockFolder } from './folder-lock';
import { createFolderUploads } from './folder-uploads';
import { undefinedWhenMissing } from './missing-file';

/**
 * A folder, locked for this process: `documents/`, `blobs/`, `uploads/` and `token-secret`, readable by its user alone.
 * Throws DataFolderInUseError when another process has it.
 */
export async function openFolderStorage(
  path: string,
  onLost: (error: Error) => void,
): Promise<Storage> {
  const folder = resolve(path);
  await ensureFolder(folder);
  const release = await lockFolder(folder, onLost);
  await sweepDocuments(join(folder, 'documents'));
  return {
    documents: createFolderDocuments(join(folder, 'documents')),
    blobs: createFolderBlobs(join(folder, 'blobs')),
    uploads: createFolderUploads(join(folder, 'uploads'), join(folder, 'blobs')),
    tokenSecret: await readOrMakeSecret(join(folder, 'token-secret')),
    close: release,
  };
}

async function readOrMakeSecret(file: string): Promise<Uint8Array> {
  const kept = await readFile(file).catch(undefinedWhenMissing);
  if (kept) return kept;
  const made = randomBytes(32);
  await writeDurably(file, made);
  return made;
}
