import path from 'node:path';
import { OciError } from '../errors';
import { TAR_TYPE, type TarHeader } from '../layer/tar-header';
import { type TarMember } from '../layer/tar';
import { type Entry, textOf } from './file-source';
import { type FileTree } from './file-tree';

/**
 * The entries of a layer with these paths of a file system and the folders above them, sorted by bytes.
 * @throws OciError `FILE_UNSUPPORTED` for a name that layers reserve
 */
export async function layerMembers(
  tree: FileTree,
  changed: ReadonlySet<string>,
): Promise<TarMember[]> {
  const paths = new Set([...changed].flatMap(withFolders));
  const firstNames = new Map<unknown, string>();
  const members: TarMember[] = [];
  for (const target of [...paths].sort()) {
    const entry = await tree.entry(target);
    if (!entry) continue;
    checkName(target);
    const name = target.slice(1);
    const first = entry.type === 'file' && entry.inode ? firstNames.get(entry.inode) : undefined;
    if (entry.type === 'file' && entry.inode && first === undefined) {
      firstNames.set(entry.inode, name);
    }
    members.push(await memberOf(name, entry, first));
  }
  return members;
}

/** Without the root, which no layer changes. */
function withFolders(target: string): string[] {
  return target === '/' ? [] : [target, ...withFolders(path.posix.dirname(target))];
}

function checkName(target: string): void {
  if (!path.posix.basename(target).startsWith('.wh.')) return;
  throw new OciError(
    'FILE_UNSUPPORTED',
    `Cannot copy to ${textOf(target)}: in a layer, a name that starts with ".wh." removes a file.\nFix: rename it.`,
  );
}

async function memberOf(name: string, entry: Entry, first?: string): Promise<TarMember> {
  const isContent = entry.type === 'file' && first === undefined;
  const content = isContent ? await entry.read() : new Uint8Array();
  const header: TarHeader = {
    name,
    type: typeOf(entry, first),
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: content.length,
    linkname: first ?? (entry.type === 'link' ? entry.target : ''),
    device: entry.type === 'special' ? entry.device : { major: 0, minor: 0 },
    xattrs: first === undefined ? (entry.xattrs ?? new Map()) : new Map(),
  };
  return { header, content: [content] };
}

function typeOf(entry: Entry, first?: string): TarHeader['type'] {
  if (entry.type === 'special') return entry.tarType;
  if (entry.type === 'folder') return TAR_TYPE.directory;
  if (entry.type === 'link') return TAR_TYPE.symlink;
  return first === undefined ? TAR_TYPE.file : TAR_TYPE.hardLink;
}
