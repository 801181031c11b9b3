import { type DocumentStore, openCollection } from '../storage/document-store';
import { type BlobStore } from '../storage/blob-store';
import { createKeyedMutex } from '../storage/keyed-mutex';
import { type LogStore } from '../storage/log-store';
import { type Clock } from '../clock';
import { deletedIds } from './deleted-ids';
import { type ImageIdentifier } from './ecr-types';
import { ImageDraft } from './images';
import { type Refusals } from './refusals';
import {
  layerBucket,
  manifestBucket,
  type Repository,
  type RepositorySettings,
} from './repository';
import {
  formerDocumentSchema,
  fromFormerDocument,
  recordsOfChanges,
  replay,
  type RepositoryRecord,
  settingsOf,
  snapshotOf,
  snapshotSize,
} from './repository-log';

/**
 * The repositories, read from their logs once and kept in memory; every change is written before it is seen, at a cost
 * that does not grow with the number of images. The storage belongs to this process alone, so what is in memory is what
 * is stored.
 */
export interface RepositoryStore {
  /** By name. */
  list(): readonly Repository[];
  find(name: string): Repository | undefined;
  /** Throws RepositoryNotFoundException. */
  get(name: string): Repository;
  create(repository: Repository): Promise<void>;
  /** The change sees the latest state, and no other change of the repository runs meanwhile. If it throws, nothing changes. */
  update(name: string, change: (current: Repository) => RepositorySettings): Promise<Repository>;
  /** As `update`, for images: what the change leaves in the draft is written, and seen once it is durable. */
  changeImages<T>(
    name: string,
    change: (draft: ImageDraft, current: Repository) => Promise<T> | T,
  ): Promise<T>;
  /** Seen at once and written with others a few seconds later: a pull neither waits for the disk nor fails with it. */
  recordPull(repository: Repository, digest: string): void;
  /** `check` may throw to keep it. */
  remove(name: string, check: (current: Repository) => void): Promise<Repository>;
  /** Runs a task while no change of the repository does. */
  alone<T>(repository: Repository, task: () => Promise<T>): Promise<T>;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
}

interface Deps {
  readonly storage: { documents: DocumentStore; logs: LogStore; blobs: BlobStore };
  readonly refusals: Refusals;
  readonly clock: Clock;
  /** A write that nobody waits for failed; it is repeated. */
  readonly onDelay: (error: unknown) => void;
  /** Images or tags were deleted, one entry per tag; not with their repository. */
  readonly onDeleted?: (repository: Repository, deleted: readonly ImageIdentifier[]) => void;
  /** The repositories of this registry, if the logs of several have been read. @default those of all logs */
  readonly loaded?: readonly LoadedRepository[];
}

/** A repository, and how many records its log has. */
export interface LoadedRepository {
  readonly repository: Repository;
  readonly length: number;
  readonly source: string;
}

/** Reads every log, those that earlier versions kept as documents included. */
export async function loadRepositories(
  storage: Deps['storage'],
): Promise<readonly LoadedRepository[]> {
  await migrate(storage);
  return (await storage.logs.load()).map((log) => ({
    repository: replay(log),
    length: log.records.length,
    source: log.source,
  }));
}

/** A pull is recorded again only when the last record is this old. */
const recordPullEveryMs = 60_000;
const writePullsAfterMs = 5_000;

/** A log is rewritten when it has this many records more than twice what it needs, so that this too costs a constant time for each. */
const spareRecords = 500;

export async function openRepositoryStore(deps: Deps): Promise<RepositoryStore> {
  const { storage, refusals, clock, onDelay } = deps;
  const { logs } = storage;
  const known = new Map<string, Repository>();
  const lengths = new Map<string, number>();
  for (const { repository, length, source } of deps.loaded ?? (await loadRepositories(storage))) {
    if (known.has(repository.name)) {
      throw new Error(`${source} is a second log of the repository '${repository.name}'.`);
    }
    known.set(repository.name, repository);
    lengths.set(repository.id, length);
  }
  const inTurn = createKeyedMutex();
  const pulled = new Map<Repository['id'], Set<string>>();
  let pullTimer: NodeJS.Timeout | undefined;

  const get = (name: string): Repository => {
    const repository = known.get(name);
    if (!repository) throw refusals.repositoryNotFound(name);
    return repository;
  };
  const create = async (repository: Repository) => {
    await logs.replace(repository.id, snapshotOf(repository));
    lengths.set(repository.id, snapshotSize(repository));
    known.set(repository.name, repository);
  };
  const append = async (repository: Repository, records: readonly RepositoryRecord[]) => {
    if (records.length === 0) return;
    await logs.append(repository.id, records);
    const length = (lengths.get(repository.id) ?? 0) + records.length;
    lengths.set(repository.id, length);
    // In its turn after this change, which does not wait for it.
    const limit = 2 * snapshotSize(repository) + spareRecords;
    if (length > limit) void inTurn(repository.name, () => compact(repository)).catch(onDelay);
  };
  const compact = async ({ name, id }: Repository) => {
    const repository = known.get(name);
    if (repository?.id !== id) return;
    const limit = 2 * snapshotSize(repository) + spareRecords;
    if ((lengths.get(id) ?? 0) <= limit) return;
    await logs.replace(id, snapshotOf(repository));
    lengths.set(id, snapshotSize(repository));
  };
  const writePulls = async (repository: Repository) => {
    const digests = pulled.get(repository.id);
    pulled.delete(repository.id);
    if (!digests || known.get(repository.name)?.id !== repository.id) return;
    const times = [...digests].flatMap((digest) => {
      const at = repository.images.lastPull(digest);
      return at === undefined ? [] : [[digest, at] as const];
    });
    try {
      if (times.length > 0) await append(repository, [{ pulled: Object.fromEntries(times) }]);
    } catch (error) {
      pulled.set(repository.id, new Set([...digests, ...(pulled.get(repository.id) ?? [])]));
      throw error;
    }
  };
  const flush = async () => {
    clearTimeout(pullTimer);
    pullTimer = undefined;
    const waiting = [...known.values()].filter(({ id }) => pulled.has(id));
    const writes = waiting.map((each) => inTurn(each.name, () => writePulls(each)));
    const [failed] = (await Promise.allSettled(writes)).filter(
      ({ status }) => status === 'rejected',
    );
    if (failed?.status === 'rejected') throw failed.reason;
  };
  const writePullsLater = () => {
    pullTimer ??= setTimeout(() => {
      pullTimer = undefined;
      flush().catch((error: unknown) => {
        onDelay(error);
        writePullsLater();
      });
    }, writePullsAfterMs).unref();
  };

  const store: RepositoryStore = {
    list: () => [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    find: (name) => known.get(name),
    get,
    create: (repository) =>
      inTurn(repository.name, async () => {
        if (known.has(repository.name)) throw refusals.repositoryExists(repository.name);
        await create(repository);
      }),
    update: (name, change) =>
      inTurn(name, async () => {
        const current = get(name);
        const next: Repository = { ...change(current), images: current.images };
        await append(current, [{ settings: settingsOf(next) }]);
        known.set(name, next);
        return next;
      }),
    changeImages: (name, change) =>
      inTurn(name, async () => {
        const current = get(name);
        const draft = new ImageDraft(current.images);
        const result = await change(draft, current);
        await append(current, recordsOfChanges(draft.changes));
        const before = draft.changes.flatMap(([digest]) => current.images.get(digest) ?? []);
        current.images.apply(draft.changes);
        const deleted = deletedIds(before, current.images);
        if (deleted.length > 0) deps.onDeleted?.(current, deleted);
        return result;
      }),
    recordPull: ({ id, images }, digest) => {
      const now = clock();
      const last = images.lastPull(digest);
      if (last !== undefined && now.getTime() - Date.parse(last) < recordPullEveryMs) return;
      images.recordPull(digest, now.toISOString());
      pulled.set(id, (pulled.get(id) ?? new Set()).add(digest));
      writePullsLater();
    },
    remove: (name, check) =>
      inTurn(name, async () => {
        const current = get(name);
        check(current);
        await logs.delete(current.id);
        known.delete(name);
        lengths.delete(current.id);
        pulled.delete(current.id);
        // A kill before these leaves buckets without a repository: swept at a later start.
        await storage.blobs.dropBucket(layerBucket(current));
        await storage.blobs.dropBucket(manifestBucket(current));
        return current;
      }),
    alone: ({ name }, task) => inTurn(name, task),
    flush,
  };
  return store;
}

const migrationsAtATime = 16;

/** Earlier versions kept each repository in one document. All are read before the first is moved; a kill in between does no harm. */
async function migrate({ documents, logs }: Deps['storage']): Promise<void> {
  const collection = openCollection(documents, 'repositories', formerDocumentSchema);
  const former = await collection.list();
  if (former.length === 0) return;
  const moved = new Set((await logs.load()).map(({ key }) => key));
  const moveAll = async () => {
    for (let next = former.pop(); next; next = former.pop()) {
      const repository = fromFormerDocument(next.document);
      if (!moved.has(repository.id)) await logs.replace(repository.id, snapshotOf(repository));
      await collection.delete(next.key);
    }
  };
  await Promise.all(Array.from({ length: migrationsAtATime }, moveAll));
}
