import path from 'node:path';
import { type Attributes, type Entry, type FileSource, type FolderEntry } from './file-source';

/** Who a new file belongs to. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

type Folder = FolderEntry & { readonly children: Map<string, Node> };
type Node = Exclude<Entry, FolderEntry> | Folder;

export const ROOT_OWNER: Owner = { uid: 0, gid: 0 };

/** The file system of an image in memory, without the content of its files. */
export class FileTree implements FileSource {
  private changed = new Set<string>();

  private constructor(private root: Folder) {}

  static empty(): FileTree {
    return new FileTree(folderOf({ ...ROOT_OWNER, mode: 0o755 }));
  }

  /** An independent copy. */
  clone(): FileTree {
    return new FileTree(cloneFolder(this.root));
  }

  async entry(target: string): Promise<Entry | undefined> {
    return this.find(target);
  }

  async list(folder: string): Promise<readonly string[]> {
    const found = this.find(folder);
    return found?.type === 'folder' ? [...found.children.keys()].sort() : [];
  }

  /** Creates or replaces an entry. An existing folder keeps its content, and its parents must be folders. */
  set(target: string, entry: Entry): void {
    this.changed.add(target);
    const existing = this.find(target);
    const children = existing?.type === 'folder' ? existing.children : undefined;
    const node: Node = entry.type === 'folder' ? folderOf(entry, children) : entry;
    if (target === '/') {
      if (node.type === 'folder') this.root = node;
      return;
    }
    this.parent(target).children.set(path.posix.basename(target), node);
  }

  remove(target: string): void {
    const parent = this.find(path.posix.dirname(target));
    if (parent?.type === 'folder') parent.children.delete(path.posix.basename(target));
  }

  /** Removes the content of a folder. */
  clear(folder: string): void {
    const found = this.find(folder);
    if (found?.type === 'folder') found.children.clear();
  }

  /**
   * Creates a folder with its parents; those that exist are kept. As in Linux, a folder with the setgid bit passes it on, and its
   * group if no owner is given.
   * @throws NotAFolder
   */
  makeFolders(target: string, owner?: Owner): void {
    const existing = this.find(target);
    if (existing?.type === 'folder') return;
    if (existing) throw new NotAFolder(target);
    const folder = path.posix.dirname(target);
    this.makeFolders(folder, owner);
    const { mode, gid } = this.parent(target);
    const setgid = mode & 0o2000;
    const inherited = setgid === 0 ? ROOT_OWNER : { uid: 0, gid };
    this.set(target, { type: 'folder', mode: 0o755 | setgid, ...(owner ?? inherited) });
  }

  /** The paths that have been set since the last call. */
  takeChanges(): ReadonlySet<string> {
    const { changed } = this;
    this.changed = new Set();
    return changed;
  }

  private find(target: string): Node | undefined {
    let node: Node | undefined = this.root;
    for (const name of target.split('/')) {
      if (name === '') continue;
      node = node.type === 'folder' ? node.children.get(name) : undefined;
      if (!node) return undefined;
    }
    return node;
  }

  private parent(target: string): Folder {
    const parent = this.find(path.posix.dirname(target));
    if (parent?.type === 'folder') return parent;
    throw new NotAFolder(path.posix.dirname(target));
  }
}

/** A path that is used as a folder and is something else. */
export class NotAFolder extends Error {
  constructor(readonly target: string) {
    super(`${target} is not a folder`);
  }
}

function folderOf(
  { mode, uid, gid, xattrs }: Attributes,
  children = new Map<string, Node>(),
): Folder {
  return { type: 'folder', mode, uid, gid, xattrs, children };
}

/** Only folders change: all other entries are replaced. */
function cloneFolder(folder: Folder): Folder {
  const children = [...folder.children].map(
    ([name, node]) => [name, node.type === 'folder' ? cloneFolder(node) : node] as const,
  );
  return { ...folder, children: new Map(children) };
}
