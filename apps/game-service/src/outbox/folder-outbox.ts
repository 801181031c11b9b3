import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  ensureFolder,
  isTemporary,
  moveDurably,
  ServiceError,
  writeDurably,
} from '@typerush/service-kit';
import { lock } from 'proper-lockfile';
import { type OutboxStore, outboxFull, type StoredEntry } from './outbox-store';

/** A sender that has not renewed its claim for so long was killed or suspended. */
const staleAfterMs = 10_000;
const renewEveryMs = 2_000;

/** A draft that is so old was left by a process that was killed. */
const abandonedAfterMs = 600_000;

interface StoredFile extends StoredEntry {
  readonly file: string;
  readonly bytes: number;
}

/**
 * One file for each result: `pending/<name>.json`, and `rejected/<name>.json` beside the reason. Several processes may add to
 * one folder; one of them sends.
 */
export class FolderOutbox implements OutboxStore {
  readonly isDurable = true;
  private bytes = 0;
  /** By path. */
  private sizes = new Map<string, number>();
  /** What is being added. */
  private readonly adding = new Map<string, number>();
  /** Of the files that `list` may have missed: those that were added or removed since it began. */
  private changed = new Map<string, number>();
  private unlock: (() => Promise<void>) | undefined;

  private constructor(
    private readonly folder: string,
    private readonly limitBytes: number,
  ) {}

  /** Creates the folder. @throws ServiceError OUTBOX_UNUSABLE if results cannot be written there */
  static async open(folder: string, limitBytes: number): Promise<FolderOutbox> {
    // Absolute, so that an error names the whole path.
    const store = new FolderOutbox(resolve(folder), limitBytes);
    try {
      await ensureFolder(store.pending);
      await ensureFolder(store.rejected);
      const probe = join(store.pending, 'probe');
      await writeDurably(probe, '');
      await rm(probe, { force: true });
      await store.list();
    } catch (cause) {
      throw unusable(store.folder, cause);
    }
    return store;
  }

  async add(name: string, content: string): Promise<void> {
    const file = this.fileOf(name);
    if (await exists(file)) return;
    const bytes = Buffer.byteLength(content);
    if (this.bytes + bytes > this.limitBytes) throw outboxFull(this.limitBytes);
    this.count(file, bytes);
    this.adding.set(file, bytes);
    try {
      await writeDurably(file, content);
    } catch (error) {
      this.count(file, 0);
      throw error;
    } finally {
      this.adding.delete(file);
    }
  }

  async list(): Promise<StoredEntry[]> {
    this.changed = new Map(this.adding);
    const pending = await filesOf(this.pending);
    const rejected = await filesOf(this.rejected);
    this.recount([...pending, ...rejected]);
    const abandoned = pending.filter(
      ({ name, addedAt }) => isTemporary(name) && Date.now() - addedAt > abandonedAfterMs,
    );
    for (const { file } of abandoned) await rm(file, { force: true });
    return pending
      .filter(({ name }) => name.endsWith('.json'))
      .map(({ name, addedAt }) => ({ name: name.slice(0, -'.json'.length), addedAt }))
      .sort((one, other) => one.addedAt - other.addedAt);
  }

  read(name: string): Promise<string | undefined> {
    return readFile(this.fileOf(name), 'utf8').catch(undefinedIfMissing);
  }

  /** Not synchronized: a result that comes back after a crash is sent again, which changes nothing. */
  async remove(name: string): Promise<void> {
    const file = this.fileOf(name);
    await rm(file, { force: true });
    this.count(file, 0);
  }

  async setAside(name: string, reason: string): Promise<void> {
    await writeDurably(join(this.rejected, `${name}.reason.txt`), `${reason}\n`);
    const [from, to] = [this.fileOf(name), join(this.rejected, `${name}.json`)];
    await moveDurably(from, to);
    this.count(to, this.sizes.get(from) ?? 0);
    this.count(from, 0);
  }

  async claim(onLost: () => void): Promise<boolean> {
    try {
      this.unlock = await lock(this.folder, {
        lockfilePath: join(this.folder, 'sender.lock'),
        stale: staleAfterMs,
        update: renewEveryMs,
        onCompromised: () => {
          this.unlock = undefined;
          onLost();
        },
      });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return false;
      throw error;
    }
  }

  async release(): Promise<void> {
    const { unlock } = this;
    this.unlock = undefined;
    await unlock?.();
  }

  private count(file: string, bytes: number): void {
    this.bytes += bytes - (this.sizes.get(file) ?? 0);
    this.sizes.set(file, bytes);
    this.changed.set(file, bytes);
  }

  /** Drafts are counted by `add`. */
  private recount(files: readonly StoredFile[]): void {
    const found = files.flatMap(({ file, name, bytes }) =>
      isTemporary(name) ? [] : [[file, bytes] as const],
    );
    this.sizes = new Map([...found, ...this.changed]);
    this.bytes = [...this.sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  private get pending(): string {
    return join(this.folder, 'pending');
  }

  private get rejected(): string {
    return join(this.folder, 'rejected');
  }

  private fileOf(name: string): string {
    return join(this.pending, `${name}.json`);
  }
}

async function filesOf(folder: string): Promise<StoredFile[]> {
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => {
      // Another process may have sent it meanwhile.
      const file = join(folder, name);
      const found = await stat(file).catch(undefinedIfMissing);
      return found ? [{ name, file, addedAt: found.mtimeMs, bytes: found.size }] : [];
    }),
  );
  return files.flat();
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(undefinedIfMissing)) !== undefined;
}

function undefinedIfMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}

function unusable(folder: string, cause: unknown): ServiceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServiceError(
    'OUTBOX_UNUSABLE',
    `Cannot keep results in the outbox ${folder}: ${reason}.\n` +
      'The service did not start, because results would be lost while record-service is down.\n' +
      'Fix: set OUTBOX_DIR to a folder that this user may write and that survives a restart,\n' +
      '     or to "memory" if results may be lost with the process.',
    { cause },
  );
}
