import { type z } from 'zod';

/** A JSON document and the key that it is filed under. */
export interface StoredDocument<T> {
  readonly key: string;
  readonly document: T;
  /** Where it is kept, for messages. */
  readonly source: string;
}

/**
 * JSON documents by collection and key. A collection is a short constant name (`[a-z-]+`); a key is any string, and
 * keys that differ in case are different keys.
 *
 * `put` and `delete` are atomic and durable: once one has resolved, its effect outlives a kill of the process and
 * of the machine, and a reader sees the old document or the new one, never a mixture. A caller that reads, changes and
 * writes a document guards those three steps itself (`createKeyedMutex`).
 */
export interface DocumentStore {
  get(collection: string, key: string): Promise<unknown>;
  put(collection: string, key: string, document: unknown): Promise<void>;
  /** Whether there was such a document. */
  delete(collection: string, key: string): Promise<boolean>;
  /** Every document of the collection, in the order of its keys (by code unit). */
  list(collection: string): Promise<StoredDocument<unknown>[]>;
  /** Removes what a kill left half written. For the start, once all collections have been read. */
  sweep(): Promise<void>;
}

/** One collection whose documents are checked against a schema as they are read. */
export interface DocumentCollection<T> {
  put(key: string, document: T): Promise<void>;
  delete(key: string): Promise<boolean>;
  list(): Promise<StoredDocument<T>[]>;
}

export function openCollection<T>(
  documents: DocumentStore,
  name: string,
  schema: z.ZodType<T>,
): DocumentCollection<T> {
  const read = (document: unknown, source: string): T => {
    const result = schema.safeParse(document);
    if (result.success) return result.data;
    throw new Error(
      `${source} is not of the form that this version writes: ${result.error.message}. ` +
        'Restore it, or start with another data folder.',
    );
  };
  return {
    put: (key, document) => documents.put(name, key, document),
    delete: (key) => documents.delete(name, key),
    list: async () =>
      (await documents.list(name)).map(({ key, document, source }) => ({
        key,
        document: read(document, source),
        source,
      })),
  };
}
