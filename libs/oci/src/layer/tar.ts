import { type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Headers, pack, type Pack } from 'tar-stream';

interface TarAttributes {
  /** Without a leading or closing `/`. */
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export type TarEntry =
  | (TarAttributes & { readonly type: 'directory' })
  | (TarAttributes & { readonly type: 'symlink'; readonly linkname: string })
  | (TarAttributes & { readonly type: 'file'; readonly content: Uint8Array })
  | (TarAttributes & {
      readonly type: 'file';
      readonly size: number;
      readonly open: () => Readable;
    });

/** A tar as one buffer, in the order given; every time is the epoch, no owner has a name. */
export async function writeTar(entries: Iterable<TarEntry>): Promise<Buffer> {
  return buffer(tarStream(entries));
}

/** As writeTar, for content that does not fit into memory. An error while reading fails the stream. */
export function tarStream(entries: Iterable<TarEntry>): Readable {
  const tar = pack();
  fill(tar, entries).then(
    () => tar.finalize(),
    (error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return tar;
}

async function fill(tar: Pack, entries: Iterable<TarEntry>): Promise<void> {
  for (const entry of entries) await append(tar, entry);
}

function append(tar: Pack, entry: TarEntry): Promise<void> {
  const { name, mode, uid, gid, type } = entry;
  const header: Headers = { name, mode, uid, gid, type, mtime: new Date(0), uname: '', gname: '' };
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(error) : resolve());
    if (entry.type === 'directory') tar.entry({ ...header, name: `${name}/` }, done);
    else if (entry.type === 'symlink') tar.entry({ ...header, linkname: entry.linkname }, done);
    else if ('content' in entry) tar.entry(header, Buffer.from(entry.content), done);
    else {
      const sink = tar.entry({ ...header, size: entry.size }, done);
      entry.open().on('error', reject).pipe(sink);
    }
  });
}
