import path from 'node:path';
import { type ScannedEntry } from '../layer/scan-tar';
import { TAR_TYPE } from '../layer/tar-header';
import { type Entry, type FileEntry } from './file-source';
import { type FileTree, ROOT_OWNER } from './file-tree';

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** Applies a layer to the file system below it; https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md */
export async function applyLayer(
  tree: FileTree,
  entries: readonly ScannedEntry[],
  read: (entry: ScannedEntry) => Promise<Uint8Array>,
): Promise<void> {
  const isWhiteout = ({ name }: ScannedEntry) => path.posix.basename(name).startsWith(WHITEOUT);
  for (const { name } of entries.filter(isWhiteout)) {
    const folder = path.posix.dirname(`/${name}`);
    const base = path.posix.basename(name);
    if (base === OPAQUE) tree.clear(folder);
    else tree.remove(path.posix.join(folder, base.slice(WHITEOUT.length)));
  }
  for (const entry of entries) {
    if (isWhiteout(entry)) continue;
    const [target, link] = [entry.name, entry.linkname].map((name) =>
      path.posix.resolve('/', name),
    );
    await applyEntry(tree, { target: target ?? '/', link: link ?? '/', entry }, read);
  }
}

/** Extracts an archive into a folder, as ADD does. @throws NotAFolder */
export async function extractInto(
  tree: FileTree,
  folder: string,
  entries: readonly ScannedEntry[],
  read: (entry: ScannedEntry) => Promise<Uint8Array>,
): Promise<void> {
  const below = (name: string) => path.posix.join(folder, path.posix.resolve('/', name));
  for (const entry of entries) {
    const target = below(entry.name);
    if (target === '/') continue;
    await applyEntry(tree, { target, link: below(entry.linkname), entry }, read);
  }
}

interface Placed {
  readonly target: string;
  /** The target of a hard link. */
  readonly link: string;
  readonly entry: ScannedEntry;
}

async function applyEntry(
  tree: FileTree,
  { target, link, entry }: Placed,
  read: (entry: ScannedEntry) => Promise<Uint8Array>,
): Promise<void> {
  if (target !== '/') tree.makeFolders(path.posix.dirname(target), ROOT_OWNER);
  const linked = entry.type === TAR_TYPE.hardLink ? await tree.entry(link) : undefined;
  if (linked?.type === 'file') {
    // All names share one entry; the first one gets its mark here.
    const shared = linked.inode === undefined ? { ...linked, inode: {} } : linked;
    tree.set(link, shared);
    tree.set(target, shared);
  } else if (entry.type !== TAR_TYPE.hardLink) {
    tree.set(target, toEntry(entry, read));
  }
}

function toEntry(entry: ScannedEntry, read: (entry: ScannedEntry) => Promise<Uint8Array>): Entry {
  const { type, mode, uid, gid, xattrs, linkname, device } = entry;
  const attributes = { mode, uid, gid, xattrs };
  switch (type) {
    case TAR_TYPE.directory:
      return { ...attributes, type: 'folder' };
    case TAR_TYPE.symlink:
      return { ...attributes, type: 'link', target: linkname };
    case TAR_TYPE.characterDevice:
    case TAR_TYPE.blockDevice:
    case TAR_TYPE.fifo:
      return { ...attributes, type: 'special', tarType: type, device };
    default:
      return { ...attributes, type: 'file', read: () => read(entry) } satisfies FileEntry;
  }
}
