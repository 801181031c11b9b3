import { Gzip, gzipSync } from 'fflate';

/** Larger layers are compressed piece by piece. */
const AT_ONCE = 64 << 20;
const PIECE = 1 << 20;
const OPTIONS = { level: 6, mtime: 0 } as const;

/** Identifies the compressed bytes of a tar: another version of fflate may write others. */
export const GZIP = 'fflate 0.8.3, level 6';

/** Compresses a tar in JavaScript, since zlib's output differs between versions and CPUs. */
export const gzipTar = (tar: Uint8Array): Uint8Array => gzipSync(tar, OPTIONS);

/**
 * The same for a tar that may not fit into memory. The result does not depend on the size of the chunks.
 * @param size of the tar, in bytes
 */
export async function* gzipChunks(
  tar: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  if (size <= AT_ONCE) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of tar) chunks.push(chunk);
    yield gzipTar(Buffer.concat(chunks));
    return;
  }
  let ready: Uint8Array[] = [];
  const gzip = new Gzip(OPTIONS, (chunk) => void ready.push(chunk));
  for await (const piece of inPieces(tar)) {
    gzip.push(piece);
    yield* ready;
    ready = [];
  }
  gzip.push(new Uint8Array(0), true);
  yield* ready;
}

async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= PIECE) {
      yield rest.subarray(0, PIECE);
      rest = rest.subarray(PIECE);
    }
  }
  if (rest.length > 0) yield rest;
}
