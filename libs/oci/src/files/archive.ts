import { gunzipSync } from 'node:zlib';
import { decodeHeader } from '../layer/tar-header';

/** Compressions that Node cannot read, by their first bytes. */
const UNREADABLE: readonly (readonly [name: string, magic: string])[] = [
  ['bzip2', '425a68'],
  ['xz', 'fd377a585a00'],
  ['zstd', '28b52ffd'],
];

/** An archive that only a container engine extracts. */
export class UnreadableArchive extends Error {}

/** The uncompressed tar in a file; undefined if the file is not a tar. @throws UnreadableArchive */
export function archiveIn(content: Uint8Array): Uint8Array | undefined {
  const start = Buffer.from(content.subarray(0, 6)).toString('hex');
  const unreadable = UNREADABLE.find(([, magic]) => start.startsWith(magic));
  if (unreadable) throw new UnreadableArchive(`is compressed with ${unreadable[0]}`);
  const tar = start.startsWith('1f8b') ? gunzip(content) : content;
  return tar && isTar(tar) ? tar : undefined;
}

function gunzip(content: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(content);
  } catch {
    return undefined;
  }
}

function isTar(content: Uint8Array): boolean {
  try {
    return (
      content.length >= 512 && decodeHeader(Buffer.from(content.subarray(0, 512))) !== undefined
    );
  } catch {
    return false;
  }
}
