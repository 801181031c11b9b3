import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { type Entry, type FileSource, textOf } from './file-source';
import { type Matches, PathMatcher } from './path-pattern';

export interface HostFilesOptions {
  /** Patterns of files that do not belong to it, as in .dockerignore. */
  readonly ignore?: readonly string[];
  /** Whether files get the modes 0755 and 0644, so that a layer does not depend on the umask. @default false */
  readonly plainModes?: boolean;
}

/** A folder of this machine as the root of a file system. As in a build context, root owns all files. */
export class HostFiles implements FileSource {
  private readonly matcher: PathMatcher;
  private readonly matches = new Map<string, { matched: boolean; matches: Matches }>();
  private readonly plainModes: boolean;

  /** @throws PatternError */
  constructor(
    private readonly root: string,
    { ignore = [], plainModes = false }: HostFilesOptions = {},
  ) {
    this.matcher = new PathMatcher(ignore);
    this.plainModes = plainModes;
  }

  async entry(target: string): Promise<Entry | undefined> {
    const entry = await this.read(target);
    if (!entry || target === '/' || !this.isIgnored(target)) return entry;
    return entry.type === 'folder' && (await this.hasException(target)) ? entry : undefined;
  }

  async list(folder: string): Promise<readonly string[]> {
    const names = (await readdir(this.file(folder), { encoding: 'buffer' })).map((name) =>
      name.toString('latin1'),
    );
    const visible = [];
    for (const name of names.sort()) {
      if (await this.entry(`${folder === '/' ? '' : folder}/${name}`)) visible.push(name);
    }
    return visible;
  }

  private file(target: string): Buffer {
    return Buffer.concat([Buffer.from(this.root), Buffer.from(target, 'latin1')]);
  }

  private async read(target: string): Promise<Entry | undefined> {
    const file = this.file(target);
    const found = await lstat(file, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (!found) return undefined;
    const attributes = {
      mode: this.modeOf(Number(found.mode), found.isDirectory()),
      uid: 0,
      gid: 0,
    };
    if (found.isDirectory()) return { ...attributes, type: 'folder' };
    if (found.isSymbolicLink()) {
      const link = await readlink(file, { encoding: 'buffer' });
      return { ...attributes, type: 'link', target: link.toString('latin1') };
    }
    // Sockets, pipes and devices do not belong to a build context.
    if (!found.isFile()) return undefined;
    const inode = found.nlink > 1n ? `${found.dev}:${found.ino}` : undefined;
    return { ...attributes, type: 'file', inode, read: () => readFile(file) };
  }

  private modeOf(mode: number, isFolder: boolean): number {
    if (!this.plainModes) return mode & 0o7777;
    return isFolder || (mode & 0o100) !== 0 ? 0o755 : 0o644;
  }

  private isIgnored(target: string): boolean {
    return this.matchOf(textOf(target).slice(1)).matched;
  }

  private matchOf(relative: string): { matched: boolean; matches: Matches } {
    const known = this.matches.get(relative);
    if (known) return known;
    const slash = relative.lastIndexOf('/');
    const parent = slash < 0 ? undefined : this.matchOf(relative.slice(0, slash)).matches;
    const found = this.matcher.match(relative, parent);
    this.matches.set(relative, found);
    return found;
  }

  /** Whether something in an ignored folder is not ignored. */
  private async hasException(folder: string): Promise<boolean> {
    return this.matcher.hasExceptions && (await this.list(folder)).length > 0;
  }
}
