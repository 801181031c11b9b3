import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Blob } from '../blob-store';
import { OciError } from '../errors';

/** A body that can be sent more than once. */
export interface RequestBody {
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** The bytes of a blob: a file, or they themselves. */
export type BlobContent = string | Uint8Array;

const PIECE = 64 * 1024;

/** A part of a blob. `start` is inclusive, `end` is not. */
export function partOf(source: BlobContent, start: number, end: number): RequestBody {
  const size = end - start;
  if (typeof source !== 'string')
    return { size, open: () => inPieces(source.subarray(start, end)) };
  if (size === 0) return { size, open: () => inPieces(new Uint8Array()) };
  return {
    size,
    open: () => createReadStream(source, { start, end: end - 1, highWaterMark: PIECE }),
  };
}

async function* inPieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** @throws OciError `BLOB_MISSING` unless there are as many bytes as the blob has */
export async function requireWhole(source: BlobContent, { digest, size }: Blob): Promise<void> {
  const found =
    typeof source === 'string' ? (await stat(source).catch(() => undefined))?.size : source.length;
  if (found === size) return;
  const where = typeof source === 'string' ? source : 'What is given';
  const problem = found === undefined ? 'is not there' : `has ${found} bytes instead of ${size}`;
  throw new OciError(
    'BLOB_MISSING',
    `${where} ${problem}: it is no whole blob ${digest}. Build it again.`,
  );
}
