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
  /** @default false */
  readonly executable?: boolean;
  /** @default 0755 if executable, otherwise 0644 */
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

/** Folders of base images, some of which have special modes and owners: a layer must not reset them. */
export const BASE_FOLDERS: ReadonlySet<string> = new Set([
  ...'bin dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var'.split(' '),
  ...'usr/bin usr/lib usr/local usr/local/bin usr/local/lib usr/sbin usr/share'.split(' '),
  ...'var/cache var/lib var/log var/tmp'.split(' '),
]);

/**
 * A gzipped tar whose bytes depend only on the entries: sorted, times at the epoch, parent folders included once, compressed in
 * JavaScript. It is created in memory, which is meant for bundles, not for whole systems.
 * @throws OciError `LAYER_INVALID` if two entries have the same path, or a path is not absolute or leaves the root
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
      throw new OciError('LAYER_INVALID', `The layer has two entries of the path /${entry.name}.`);
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
  if (parent === '.' || BASE_FOLDERS.has(parent)) return;
  const existing = entries.get(parent);
  if (existing?.type === 'file') {
    throw new OciError('LAYER_INVALID', `/${parent} is both a file and the folder of /${name}.`);
  }
  if (existing) return;
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
    throw new OciError(
      'LAYER_INVALID',
      `Invalid path "${target}". Expected an absolute path below the root of the image.`,
    );
  }
  return name;
}

/** By bytes: the order must not depend on the locale. */
export function byName(a: TarEntry, b: TarEntry): number {
  return Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}
