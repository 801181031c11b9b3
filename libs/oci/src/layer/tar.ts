import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { OciError } from '../errors';
import { encodeHeader, END_OF_TAR, padding, TAR_TYPE, type TarHeader } from './tar-header';

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

/** A tar in one buffer, in the given order. All times are the epoch, and owners have no names. */
export async function writeTar(entries: Iterable<TarEntry>): Promise<Buffer> {
  return buffer(tarStream(entries));
}

/** As writeTar, for content that does not fit into memory. A read error fails the stream. */
export function tarStream(entries: Iterable<TarEntry>): Readable {
  return Readable.from(
    encodeTar(
      [...entries].map((entry) => ({ header: headerOf(entry), content: contentOf(entry) })),
    ),
    { objectMode: false },
  );
}

export interface TarMember {
  readonly header: TarHeader;
  readonly content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** @throws OciError `LAYER_INVALID` if content does not have the size in its header */
export async function* encodeTar(members: Iterable<TarMember>): AsyncGenerator<Uint8Array> {
  for (const { header, content } of members) {
    yield encodeHeader(header);
    let written = 0;
    for await (const chunk of content) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== header.size) {
      const name = Buffer.from(header.name, 'latin1').toString();
      const problem = `/${name} changed while it was read: ${header.size} bytes became ${written}.`;
      throw new OciError('LAYER_INVALID', `${problem}\nFix: build the image again.`);
    }
    yield Buffer.alloc(padding(header.size));
  }
  yield END_OF_TAR;
}

function headerOf(entry: TarEntry): TarHeader {
  const { mode, uid, gid } = entry;
  return {
    name: latin1(entry.name),
    type: TAR_TYPE[entry.type],
    mode,
    uid,
    gid,
    size: entry.type !== 'file' ? 0 : 'open' in entry ? entry.size : entry.content.length,
    linkname: entry.type === 'symlink' ? latin1(entry.linkname) : '',
    device: { major: 0, minor: 0 },
    xattrs: new Map(),
  };
}

/** Opened only after the entries before it have been read. */
async function* contentOf(entry: TarEntry): AsyncGenerator<Uint8Array> {
  if (entry.type !== 'file') return;
  if ('open' in entry) yield* entry.open();
  else yield entry.content;
}

/** One character for each byte of its UTF-8 form, as in TarHeader. */
const latin1 = (text: string) => Buffer.from(text).toString('latin1');
