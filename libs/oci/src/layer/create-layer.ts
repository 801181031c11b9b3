import path from 'node:path';
import { type Digest, digestOf } from '../digest';
import { OciError } from '../errors';
import { type Descriptor, MEDIA_TYPE } from '../manifest';
import { gzipTar } from './gzip';
import { type TarEntry, writeTar } from './tar';

interface LayerEntry {
  /** Absolute in the image: `/app/main.js`. */
  readonly path: string;
  /** @default 0 */
  readonly uid?: number;
  /** @default 0 */
  readonly gid?: number;
}

export interface LayerFile extends LayerEntry {
  readonly content: Uint8Array;
  /** Its mode is 0755 then, 0644 otherwise. */
  readonly executable?: boolean;
  /** Takes the place of what `executable` gives. */
  readonly mode?: number;
}

export interface LayerDirectory extends LayerEntry {
  /** @default 0755 */
  readonly mode?: number;
}

export interface Layer {
  readonly descriptor: Descriptor;
  /** Digest of the tar before compression. */
  readonly diffId: Digest;
  readonly bytes: Uint8Array;
}

/** Folders that a base image brings, some with modes and owners of their own, which a layer must not reset. */
export const FOLDERS_OF_BASE: ReadonlySet<string> = new Set(
  [
    'bin',
    'dev',
    'etc',
    'home',
    'lib',
    'lib64',
    'media',
    'mnt',
    'opt',
    'proc',
    'root',
    'run',
    'sbin',
    'srv',
  ]
    .concat(
      'sys',
      'tmp',
      'usr',
      'usr/bin',
      'usr/lib',
      'usr/local',
      'usr/local/bin',
      'usr/local/lib',
    )
    .concat('usr/sbin', 'usr/share', 'var', 'var/cache', 'var/lib', 'var/log', 'var/tmp'),
);

/**
 * A gzipped tar whose bytes depend on the entries alone: sorted, times at the epoch, parent folders included once,
 * compressed in JavaScript. Holds it in memory: meant for bundles, not for whole systems.
 * @throws OciError `LAYER_INVALID` when two entries share a path, or a path is not absolute or leaves the root
 */
export async function createLayer(
  files: readonly LayerFile[],
  directories: readonly LayerDirectory[] = [],
): Promise<Layer> {
  const tar = await writeTar(layerEntries(files, directories));
  const bytes = gzipTar(tar);
  return {
    bytes,
    diffId: digestOf(tar),
    descriptor: {
      mediaType: MEDIA_TYPE.ociLayerGzip,
      digest: digestOf(bytes),
      size: bytes.length,
    },
  };
}

function layerEntries(
  files: readonly LayerFile[],
  directories: readonly LayerDirectory[],
): readonly TarEntry[] {
  const entries = new Map<string, TarEntry>();
  const add = (entry: TarEntry) => {
    if (entries.has(entry.name)) {
      throw new OciError('LAYER_INVALID', `/${entry.name} is in the layer twice.`);
    }
    entries.set(entry.name, entry);
  };
  for (const { path: target, mode = 0o755, uid = 0, gid = 0 } of directories) {
    add({ type: 'directory', name: relativeName(target), mode, uid, gid });
  }
  for (const { path: target, content, executable, mode, uid = 0, gid = 0 } of files) {
    const chosen = mode ?? (executable ? 0o755 : 0o644);
    add({ type: 'file', name: relativeName(target), mode: chosen, uid, gid, content });
  }
  for (const name of [...entries.keys()]) addParents(name, entries);
  return [...entries.values()].sort(byName);
}

function addParents(name: string, entries: Map<string, TarEntry>): void {
  const parent = path.posix.dirname(name);
  if (parent === '.' || FOLDERS_OF_BASE.has(parent)) return;
  const standing = entries.get(parent);
  if (standing?.type === 'file') {
    throw new OciError('LAYER_INVALID', `/${parent} is a file and the folder of /${name} at once.`);
  }
  if (standing) return;
  entries.set(parent, { type: 'directory', name: parent, mode: 0o755, uid: 0, gid: 0 });
  addParents(parent, entries);
}

function relativeName(target: string): string {
  const name = target.slice(1).replace(/\/$/, '');
  if (
    !target.startsWith('/') ||
    name === '' ||
    path.posix.normalize(name) !== name ||
    /^\.\.(\/|$)/.test(name)
  ) {
    throw new OciError('LAYER_INVALID', `"${target}" is no absolute path below the image's root.`);
  }
  return name;
}

/** By bytes: a locale must not decide the order. */
function byName(a: TarEntry, b: TarEntry): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}
