import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { type Blob } from '../blob-store';
import { OciError } from '../errors';
import { RegistryError, type RegistryErrorDetails, unreachable } from './registry-error';

/** A body that can be sent more than once. */
export interface RequestBody {
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
}

/** The path of a file, or bytes. */
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

/** For messages. */
export const nameOf = (source: BlobContent) =>
  typeof source === 'string' ? source : 'the given content';

/** @throws OciError `BLOB_MISSING` unless the content has the size of the blob */
export async function requireComplete(source: BlobContent, { digest, size }: Blob): Promise<void> {
  const found =
    typeof source === 'string' ? (await stat(source).catch(() => undefined))?.size : source.length;
  if (found === size) return;
  const problem =
    found === undefined ? 'it does not exist' : `it has ${found} bytes instead of ${size}`;
  throw new OciError(
    'BLOB_MISSING',
    `Cannot upload blob ${digest} from ${nameOf(source)}: ${problem}.\nFix: build the image again.`,
  );
}

/** Fails if the connection breaks, or at its end if its bytes do not match the digest. */
export function verified(source: Readable, blob: Blob, where: RegistryErrorDetails): Readable {
  const hash = createHash('sha256');
  let size = 0;
  const mismatch = (problem: string) => new RegistryError('DIGEST_MISMATCH', problem, where);
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      // Checked early, since a response may be endless.
      const isTooLong = size > blob.size;
      const problem = `the response for ${blob.digest} has more than ${blob.size} bytes.`;
      done(isTooLong ? mismatch(problem) : null, chunk);
    },
    flush(done) {
      const found = `sha256:${hash.digest('hex')}`;
      const problem = `the registry returned ${found} instead of ${blob.digest}.`;
      done(found === blob.digest ? null : mismatch(problem));
    },
  });
  source.on('error', (error) => check.destroy(unreachable(where.host, error)));
  check.on('close', () => source.destroy());
  return source.pipe(check);
}
