import path from 'node:path';
import { type ModeChange } from '../dockerfile/file-mode';
import { type Entry, type FileEntry, type FileSource, followLinks, textOf } from './file-source';
import { type FileTree, type Owner } from './file-tree';
import { type Matches, type PathMatcher } from './path-pattern';

export interface CopyOptions {
  readonly owner?: Owner;
  readonly mode?: ModeChange;
  /** Only these files, with their folders. */
  readonly include?: PathMatcher;
  readonly exclude?: PathMatcher;
}

/** A destination that has another type than the source. */
export class CopyConflict extends Error {}

interface Place {
  readonly from: string;
  readonly to: string;
  /** Relative to the source that is copied; '' for itself. */
  readonly relative: string;
}

interface PendingFolder extends Place {
  readonly entry: Entry;
  copied: boolean;
}

/**
 * Copies files as BuildKit does: the content of a folder, or one file, to a path or into an existing folder; links are kept, those
 * in the way to source and destination are followed.
 * https://docs.docker.com/reference/dockerfile/#copy
 */
export class FileCopy {
  private readonly pending: PendingFolder[] = [];
  private readonly copies = new Map<unknown, FileEntry>();

  constructor(
    private readonly source: FileSource,
    private readonly tree: FileTree,
    private readonly options: CopyOptions = {},
  ) {}

  /** @param destination ends in `/` if it is a folder @throws NotAFolder, CopyConflict */
  async run(sourcePath: string, destination: string): Promise<void> {
    const from = await followLinks(this.source, sourcePath);
    const entry = await this.source.entry(from);
    if (!entry) throw new CopyConflict(`${textOf(sourcePath)} does not exist`);
    const folder = destination.endsWith('/') ? destination : path.posix.dirname(destination);
    this.makeFolders(await followLinks(this.tree, folder));
    let to = await followLinks(this.tree, destination);
    const existing = await this.tree.entry(to);
    if (entry.type !== 'folder' && existing?.type === 'folder') {
      to = path.posix.join(to, path.posix.basename(sourcePath));
    }
    this.makeFolders(entry.type === 'folder' && !existing ? to : path.posix.dirname(to));
    await this.copy({ from, to, relative: '' }, entry, false);
  }

  private makeFolders(folder: string): void {
    this.tree.makeFolders(folder, this.options.owner);
  }

  private async copy(
    place: Place,
    entry: Entry,
    overwrite: boolean,
    parents: { include?: Matches; exclude?: Matches } = {},
  ): Promise<void> {
    const include = this.options.include?.match(textOf(place.relative), parents.include);
    const exclude = this.options.exclude?.match(textOf(place.relative), parents.exclude);
    const isRoot = place.relative === '';
    const isExcluded = !isRoot && exclude?.matched === true;
    const isIncluded = isRoot || ((include?.matched ?? true) && !isExcluded);
    if (isIncluded) await this.copyPending();
    if (entry.type !== 'folder') {
      if (isIncluded) await this.copyOther(place, entry);
      return;
    }
    const folder = { ...place, entry, copied: isIncluded };
    if (isIncluded) await this.copyFolder(place, entry, overwrite);
    if (isExcluded && !this.options.exclude?.hasExceptions) return;
    this.pending.push(folder);
    for (const name of await this.source.list(place.from)) {
      const inner = {
        from: path.posix.join(place.from, name),
        to: path.posix.join(place.to, name),
        relative: path.posix.join(place.relative, name),
      };
      const found = await this.source.entry(inner.from);
      if (!found) continue;
      const matches = isRoot ? {} : { include: include?.matches, exclude: exclude?.matches };
      await this.copy(inner, found, true, matches);
    }
    this.pending.pop();
  }

  /** The folders above a file that matches. */
  private async copyPending(): Promise<void> {
    for (const folder of this.pending) {
      if (!folder.copied) await this.copyFolder(folder, folder.entry, true);
      folder.copied = true;
    }
  }

  /** An existing folder takes over the attributes of the source, except the destination itself. */
  private async copyFolder({ to }: Place, entry: Entry, overwrite: boolean): Promise<void> {
    const existing = await this.tree.entry(to);
    if (existing && existing.type !== 'folder') {
      throw new CopyConflict(`${textOf(to)} exists and is not a folder`);
    }
    if (!existing || overwrite) this.tree.set(to, { ...this.changed(entry), type: 'folder' });
  }

  private async copyOther({ to }: Place, entry: Exclude<Entry, { type: 'folder' }>): Promise<void> {
    const existing = await this.tree.entry(to);
    if (existing?.type === 'folder') {
      throw new CopyConflict(`${textOf(to)} exists and is a folder`);
    }
    this.tree.set(to, entry.type === 'file' ? this.copyOf(entry) : this.changed(entry));
  }

  /** The names of a file stay names of one file. */
  private copyOf(entry: FileEntry): FileEntry {
    if (entry.inode === undefined) return this.changed(entry);
    const copied = this.copies.get(entry.inode) ?? { ...this.changed(entry), inode: {} };
    this.copies.set(entry.inode, copied);
    return copied;
  }

  private changed<T extends Entry>(entry: T): T {
    const { owner, mode } = this.options;
    const isFolder = entry.type === 'folder';
    return {
      ...entry,
      ...owner,
      mode: entry.type === 'link' ? 0o777 : (mode?.(entry.mode, isFolder) ?? entry.mode),
    };
  }
}
