import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type DocumentStore, type StoredDocument } from '../document-store';
import { isMissing } from './missing-file';
import {
  ensureFolder,
  removeDurably,
  removeTemporaries,
  writeDurably,
} from '@typerush/service-kit';

const extension = '.json';

/**
 * Readable, and one file per key on every file system: the hash distinguishes names that differ only in case or after the cut.
 * None starts with a dot, as the files do that operating systems add.
 */
function fileName(key: string): string {
  const readable = key.replace(/^\.|[^a-zA-Z0-9._-]/g, '~').slice(0, 80);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `${readable}-${hash}${extension}`;
}

const isDocument = (name: string): boolean => /^[^.].*-[0-9a-f]{32}\.json$/.test(name);

const contentSchema = z.object({
  key: z.string(),
  document: z.unknown().refine((document) => document !== undefined && document !== null),
});

async function readDocument(file: string): Promise<StoredDocument<unknown> | undefined> {
  try {
    const { key, document } = contentSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    if (fileName(key) !== basename(file)) throw new Error(`It holds the document '${key}'.`);
    return { key, document, source: file };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Error(
      `${file} cannot be read as a document. Restore it, or start with another data folder.`,
      { cause: error },
    );
  }
}

/** How many files are read at a time: enough to keep the disk busy, and few enough to stay below the limit of open files. */
const readsAtATime = 32;

/** The documents in a collection's folder; other files are left alone. */
export async function readCollection(folder: string): Promise<StoredDocument<unknown>[]> {
  const files = (await readdir(folder).catch(emptyWhenMissing)).filter(isDocument);
  const documents: StoredDocument<unknown>[] = [];
  const readAll = async () => {
    for (let name = files.pop(); name !== undefined; name = files.pop()) {
      const document = await readDocument(join(folder, name));
      if (document) documents.push(document);
    }
  };
  await Promise.all(Array.from({ length: readsAtATime }, readAll));
  return documents.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
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
    list: (collection) => readCollection(folderOf(collection)),
    sweep: async () => {
      const entries = await readdir(root, { withFileTypes: true }).catch(emptyWhenMissing);
      for (const entry of entries) {
        if (entry.isDirectory()) await removeTemporaries(join(root, entry.name));
      }
    },
  };
}

function emptyWhenMissing(error: unknown): [] {
  if (isMissing(error)) return [];
  throw error;
}
