import { type FileHandle } from 'node:fs/promises';
import { OciError } from '../errors';
import { readAt, type ScannedEntry, scanTar } from './scan-tar';
import { encodeTar } from './tar';
import { TAR_TYPE } from './tar-header';

const CHUNK = 1 << 20;

/**
 * The entries of a layer of an engine in canonical form: sorted by path, without times and owner names. Modes, owners by number,
 * links, devices, extended attributes and whiteouts are kept.
 */
export async function canonicalEntries(file: FileHandle): Promise<ScannedEntry[]> {
  const entries = (await scanTar(file)).filter(({ name }) => name !== '' && name !== '.');
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  if (byName.size !== entries.length) {
    throw new OciError(
      'LAYER_INVALID',
      'Invalid layer: it has two entries of one path.\nFix: build the image again.',
    );
  }
  return reorderLinks(byName).sort(bySortKey);
}

/** The tar of these entries. Their content is read from the file that was scanned. */
export function writeEntries(
  file: FileHandle,
  entries: readonly ScannedEntry[],
): AsyncGenerator<Uint8Array> {
  return encodeTar(entries.map((entry) => ({ header: entry, content: contentOf(file, entry) })));
}

async function* contentOf(
  file: FileHandle,
  { offset, size }: ScannedEntry,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < size; at += CHUNK) {
    yield await readAt(file, offset + at, Math.min(CHUNK, size - at));
  }
}

/** If a file has several names, the first in order becomes the file, since a hard link must come after its target. */
function reorderLinks(byName: ReadonlyMap<string, ScannedEntry>): ScannedEntry[] {
  const families = new Map<ScannedEntry, ScannedEntry[]>();
  const origins = new Map<ScannedEntry, ScannedEntry>();
  for (const entry of byName.values()) {
    const origin = originOf(entry, byName, origins);
    const family = families.get(origin);
    if (family) family.push(entry);
    else families.set(origin, [entry]);
  }
  return [...families].flatMap(([origin, family]) => {
    const [first, ...others] = family.sort(bySortKey);
    // A link to a file of another layer, or a file with one name.
    if (!first || origin.type === TAR_TYPE.hardLink || others.length === 0) return family;
    const links = others.map((link) => ({
      ...origin,
      name: link.name,
      type: TAR_TYPE.hardLink,
      linkname: first.name,
      size: 0,
      xattrs: new Map<string, string>(),
    }));
    return [{ ...origin, name: first.name }, ...links];
  });
}

/** The file that a link leads to; the last link if its target is in another layer. Chains are followed once. */
function originOf(
  entry: ScannedEntry,
  byName: ReadonlyMap<string, ScannedEntry>,
  known: Map<ScannedEntry, ScannedEntry>,
): ScannedEntry {
  const passed = new Set<ScannedEntry>();
  let origin = entry;
  while (origin.type === TAR_TYPE.hardLink && !passed.has(origin)) {
    passed.add(origin);
    const next = known.get(origin) ?? byName.get(origin.linkname.replace(/^(\.?\/)+/, ''));
    if (!next) break;
    origin = next;
  }
  for (const link of passed) known.set(link, origin);
  return origin;
}

/**
 * By bytes, but whiteouts before the other entries of their folder.
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#whiteouts
 */
function bySortKey(a: ScannedEntry, b: ScannedEntry): number {
  const [one, other] = [sortKey(a.name), sortKey(b.name)];
  return one < other ? -1 : one > other ? 1 : 0;
}

const sortKey = (name: string) => name.replace(/(^|\/)\.wh\./g, '$1\0.wh.');
