import { type BlobStore } from '../storage/blob-store';
import { type DocumentStore, openCollection } from '../storage/document-store';
import { createKeyedMutex } from '../storage/keyed-mutex';
import { type Refusals } from './refusals';
import { layerBucket, manifestBucket, type Repository, repositorySchema } from './repository';

/**
 * The repositories, read from the document store once and kept in memory; every change is written before it is seen.
 * The storage belongs to this process alone, so what is in memory is what is stored.
 */
export interface RepositoryStore {
  /** By name. */
  list(): readonly Repository[];
  /** Throws RepositoryNotFoundException. */
  get(name: string): Repository;
  create(repository: Repository): Promise<void>;
  /** The change sees the latest state, and no other change of the repository runs meanwhile. If it throws, nothing changes. */
  update(
    name: string,
    change: (current: Repository) => Promise<Repository> | Repository,
  ): Promise<Repository>;
  /** `check` may throw to keep it. */
  remove(name: string, check: (current: Repository) => void): Promise<Repository>;
}

export async function openRepositoryStore(
  storage: { documents: DocumentStore; blobs: BlobStore },
  refusals: Refusals,
): Promise<RepositoryStore> {
  const collection = openCollection(storage.documents, 'repositories', repositorySchema);
  const known = new Map<string, Repository>();
  for (const { key, document } of await collection.list()) known.set(key, document);
  const alone = createKeyedMutex();

  const get = (name: string): Repository => {
    const repository = known.get(name);
    if (!repository) throw refusals.repositoryNotFound(name);
    return repository;
  };
  const write = async (repository: Repository) => {
    await collection.put(repository.name, repository);
    known.set(repository.name, repository);
  };
  return {
    list: () => [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    get,
    create: (repository) =>
      alone(repository.name, async () => {
        if (known.has(repository.name)) throw refusals.repositoryExists(repository.name);
        await write(repository);
      }),
    update: (name, change) =>
      alone(name, async () => {
        const current = get(name);
        const next = await change(current);
        if (next !== current) await write(next);
        return next;
      }),
    remove: (name, check) =>
      alone(name, async () => {
        const current = get(name);
        check(current);
        await collection.delete(name);
        known.delete(name);
        // A kill before these leaves buckets without a repository: swept at the next start.
        await storage.blobs.dropBucket(layerBucket(current));
        await storage.blobs.dropBucket(manifestBucket(current));
        return current;
      }),
  };
}
