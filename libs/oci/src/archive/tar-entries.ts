import { type Readable } from 'node:stream';
import { type Extract, extract, type Headers } from 'tar-stream';

/** A stream to write a tar file to. An entry, whose content `take` has to consume, is read after `take` of the one before. */
export function tarEntries(
  take: (header: Headers, content: Readable) => Promise<unknown>,
): Extract {
  const tar = extract();
  tar.on('entry', (header, content, next) => {
    take(header, content).then(
      () => next(),
      (error: unknown) => tar.destroy(error as Error),
    );
  });
  return tar;
}
