import { type FileHandle } from 'node:fs/promises';
import { OciError } from '../errors';
import {
  BLOCK,
  decodeHeader,
  decodePax,
  padding,
  type RawHeader,
  TAR_TYPE,
  type TarHeader,
  type TarType,
  XATTR,
} from './tar-header';

export interface ScannedEntry extends TarHeader {
  /** Where the content starts in the file. */
  readonly offset: number;
}

const TYPES: ReadonlySet<string> = new Set(Object.values(TAR_TYPE));
/** Types of the extended headers of pax and GNU. */
const PAX = 'x';
const GNU_LONG_NAME = 'L';
const GNU_LONG_LINK = 'K';
/** Larger than any path or attribute that Linux allows. */
const MAX_EXTENDED = 1 << 20;

/** Values of extended headers for the next entry. */
interface Extended {
  name?: string;
  linkname?: string;
  pax?: ReadonlyMap<string, string>;
}

/**
 * The entries of an uncompressed tar file in their order, without reading their content.
 * @throws OciError `LAYER_INVALID` for a damaged tar, and for kinds of entries that engines do not write into layers
 */
export async function scanTar(file: FileHandle): Promise<ScannedEntry[]> {
  const entries: ScannedEntry[] = [];
  let extended: Extended = {};
  let at = 0;
  for (;;) {
    const raw = decodeHeader(await readAt(file, at, BLOCK));
    if (!raw) return entries;
    const offset = at + BLOCK;
    if ([PAX, GNU_LONG_NAME, GNU_LONG_LINK].includes(raw.type)) {
      if (raw.size > MAX_EXTENDED) throw unsupported(raw.name, 'an extended header that long');
      extended = { ...extended, ...readExtended(raw.type, await readAt(file, offset, raw.size)) };
      at = offset + raw.size + padding(raw.size);
      continue;
    }
    const entry = { ...applyExtended(raw, extended), offset };
    entries.push(entry);
    extended = {};
    at = offset + entry.size + padding(entry.size);
  }
}

/** @throws OciError `LAYER_INVALID` if the file ends before */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0)
      throw new OciError('LAYER_INVALID', 'Damaged layer: the file is incomplete.');
    filled += bytesRead;
  }
  return buffer;
}

function readExtended(type: string, content: Buffer): Extended {
  if (type === PAX) return { pax: decodePax(content) };
  const [text = ''] = content.toString('latin1').split('\0', 1);
  return type === GNU_LONG_NAME ? { name: text } : { linkname: text };
}

function applyExtended(raw: RawHeader, { name, linkname, pax = new Map() }: Extended): TarHeader {
  const number = (key: string, otherwise: number) => Number(pax.get(key) ?? otherwise);
  const whole = pax.get('path') ?? name ?? raw.name;
  const closed = whole.endsWith('/');
  const type = raw.type === TAR_TYPE.file && closed ? TAR_TYPE.directory : raw.type;
  if (!TYPES.has(type)) throw unsupported(whole, `the type "${type}"`);
  if ([...pax.keys()].some((key) => key.startsWith('GNU.sparse'))) {
    throw unsupported(whole, 'the format of a sparse file');
  }
  const isLink = type === TAR_TYPE.hardLink || type === TAR_TYPE.symlink;
  return {
    name: whole.replace(/^(\.?\/)+/, '').replace(/\/+$/, ''),
    type: type as TarType,
    mode: raw.mode,
    uid: number('uid', raw.uid),
    gid: number('gid', raw.gid),
    size: type === TAR_TYPE.file ? number('size', raw.size) : 0,
    linkname: isLink ? (pax.get('linkpath') ?? linkname ?? raw.linkname) : '',
    device: raw.device,
    xattrs: new Map(
      [...pax]
        .filter(([key]) => key.startsWith(XATTR))
        .map(([key, value]) => [key.slice(XATTR.length), value]),
    ),
  };
}

function unsupported(name: string, what: string): OciError {
  const shown = Buffer.from(name, 'latin1').toString();
  return new OciError('LAYER_INVALID', `Unsupported layer: /${shown} has ${what}.`);
}
