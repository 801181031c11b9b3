import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { type Blob } from '../blob-store';
import { RegistryError, type RegistryErrorDetails } from './registry-error';
import { unreachable } from './connection';

/** A blob on its way: fails at its end unless its bytes are what its digest says, or when the connection breaks. */
export function verified(source: Readable, blob: Blob, where: RegistryErrorDetails): Readable {
  const hash = createHash('sha256');
  let size = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      // Endless answers are not read to their end.
      const problem = `it answers more than the ${blob.size} bytes of ${blob.digest}.`;
      done(size > blob.size ? new RegistryError('DIGEST_MISMATCH', problem, where) : null, chunk);
    },
    flush(done) {
      const found = `sha256:${hash.digest('hex')}`;
      const problem = `it answered ${found} instead of ${blob.digest}.`;
      done(found === blob.digest ? null : new RegistryError('DIGEST_MISMATCH', problem, where));
    },
  });
  source.on('error', (error) => check.destroy(unreachable(where.host, error)));
  check.on('close', () => source.destroy());
  return source.pipe(check);
}
