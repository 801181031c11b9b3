import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentStore, type StoredDocument } from '../document-store';
import { isMissing } from './missing-file';
import { ensureFolder, removeDurably, temporarySuffix, writeDurably } from './durable-file';

const extension = '.json';

/** Readable, and one file per key on every file system: the hash distinguishes names that differ only in case or after the cut. */
function fileName(key: string): string {
  const readable = key.replace(/[^a-zA-Z0-9._-]/g, '~').slice(0, 80);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `${readable}-${hash}${extension}`;
}

async function readDocument(file: string): Promise<StoredDocument<unknown> | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as StoredDocument<unknown>;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Error(
      `${file} cannot be read as a document. Restore it, or start with another data folder.`,
      { cause: error },
    );
  }
}

/** One file per document: `<root>/<collection>/<readable key>-<hash>.json`, holding the key and the document. */
export function createFolderDocuments(root: string): DocumentStore {
  const folderOf = (collection: string) => {
    if (!/^[a-z-]+$/.test(collection)) throw new Error(`'${collection}' cannot name a collection.`);
    return join(root, collection);
  };
  const fileOf = (collection: string, key: string) => join(folderOf(collection), fileName(key));
  return {
    get: async (collection, key) => (await readDocument(fileOf(collection, key)))?.document,
    put: async (collection, key, document) => {
      await ensureFolder(folderOf(collection));
      await writeDurably(fileOf(collection, key), JSON.stringify({ key, document }));
    },
    delete: async (collection, key) => {
      try {
        await removeDurably(fileOf(collection, key));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    list: async (collection) => {
      const folder = folderOf(collection);
      const names = await readdir(folder).catch(emptyWhenMissing);
      const documents = await Promise.all(
        names
          .filter((name) => name.endsWith(extension))
          .map((name) => readDocument(join(folder, name))),
      );
      return documents
        .filter((document) => document !== undefined)
        .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    },
  };
}

/** Removes partly written documents that a killed process left; no write may be in progress. */
export async function sweepDocuments(root: string): Promise<void> {
  const names = await readdir(root, { recursive: true }).catch(emptyWhenMissing);
  for (const name of names) {
    if (name.endsWith(temporarySuffix)) await rm(join(root, name), { force: true });
  }
}

function emptyWhenMissing(error: unknown): string[] {
  if (isMissing(error)) return [];
  throw error;
}
