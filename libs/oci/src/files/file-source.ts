import path from 'node:path';

/**
 * Paths and names in file systems of images are bytes: latin1 text with one character for each byte, so that names that are not
 * UTF-8 are kept. Paths are absolute and without `.` and `..`.
 */
export const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');
export const textOf = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();

export interface Attributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Extended attributes by name. */
  readonly xattrs?: ReadonlyMap<string, string>;
}

export interface FileEntry extends Attributes {
  readonly type: 'file';
  readonly read: () => Promise<Uint8Array>;
  /** The same for all names of a file that has several. */
  readonly inode?: unknown;
}

export interface LinkEntry extends Attributes {
  readonly type: 'link';
  readonly target: string;
}

/** A device or a named pipe, by its type in a tar. */
export interface SpecialEntry extends Attributes {
  readonly type: 'special';
  readonly tarType: '3' | '4' | '6';
  readonly device: { readonly major: number; readonly minor: number };
}

export interface FolderEntry extends Attributes {
  readonly type: 'folder';
}

export type Entry = FileEntry | LinkEntry | SpecialEntry | FolderEntry;

/** A file system that can be copied from. */
export interface FileSource {
  /** Without following a link at the end; undefined if it does not exist. */
  entry(path: string): Promise<Entry | undefined>;
  /** The sorted names in a folder. */
  list(folder: string): Promise<readonly string[]>;
}

/** Links that lead to links, as Linux limits them. */
const MAX_LINKS = 255;

/** Follows all links within the root, also one at the end. What does not exist is kept. @throws Error for a loop */
export async function followLinks(source: FileSource, target: string): Promise<string> {
  let resolved = '/';
  const rest = target.split('/').filter(Boolean);
  for (let links = 0; rest.length > 0;) {
    const name = rest.shift() ?? '';
    const next = path.posix.join(resolved, name);
    const entry = name === '..' ? undefined : await source.entry(next);
    if (entry?.type !== 'link') {
      resolved = next;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) throw new Error(`too many symbolic links in ${textOf(target)}`);
    if (entry.target.startsWith('/')) resolved = '/';
    rest.unshift(...entry.target.split('/').filter((part) => part !== '' && part !== '.'));
  }
  return resolved;
}
