import { OciError } from '../errors';

/** The fields of a tar header that matter in a layer. Text is latin1: one character for each byte, so that no byte is lost. */
export interface TarHeader {
  /** Without a closing `/`. */
  readonly name: string;
  readonly type: TarType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Of a hard or symbolic link; '' otherwise. */
  readonly linkname: string;
  readonly device: { readonly major: number; readonly minor: number };
  /** By name: `security.capability`. */
  readonly xattrs: ReadonlyMap<string, string>;
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "ustar Interchange Format": typeflag */
export const TAR_TYPE = {
  file: '0',
  hardLink: '1',
  symlink: '2',
  characterDevice: '3',
  blockDevice: '4',
  directory: '5',
  fifo: '6',
} as const;
export type TarType = (typeof TAR_TYPE)[keyof typeof TAR_TYPE];

export const BLOCK = 512;
export const END_OF_TAR = Buffer.alloc(2 * BLOCK);
const EMPTY = Buffer.alloc(BLOCK);
export const XATTR = 'SCHILY.xattr.';
const MAX_OCTAL_6 = 0o777777;
const MAX_OCTAL_11 = 0o77777777777;

/** The number of bytes that complete the last block. */
export const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/**
 * The blocks before the content of an entry: without time and owner names, and with the same bytes as tar-stream. Values that do not
 * fit into a ustar header are in a pax header.
 */
export function encodeHeader(header: TarHeader): Buffer {
  const { type, linkname } = header;
  const name = type === TAR_TYPE.directory ? `${header.name}/` : header.name;
  const plain = fitsUstar(header) && linkname.length <= 100 ? splitName(name) : undefined;
  if (plain) return ustar(plain, type, header);
  const records = Buffer.from(paxRecords(name, header), 'latin1');
  const extended = { ...header, size: records.length, linkname: linkname && 'PaxHeader' };
  return Buffer.concat([
    ustar({ name: 'PaxHeader' }, 'x', extended),
    records,
    Buffer.alloc(padding(records.length)),
    ustar({ name: 'PaxHeader' }, type, { ...header, linkname: extended.linkname }),
  ]);
}

interface SplitName {
  readonly name: string;
  readonly prefix?: string;
}

function fitsUstar({ uid, gid, size, xattrs }: TarHeader): boolean {
  return uid <= MAX_OCTAL_6 && gid <= MAX_OCTAL_6 && size <= MAX_OCTAL_11 && xattrs.size === 0;
}

/** undefined if a name is too long for the two fields, or not ASCII. */
function splitName(whole: string): SplitName | undefined {
  if (/[\u0080-\u00ff]/.test(whole)) return undefined;
  let name = whole;
  const prefix: string[] = [];
  while (name.length > 100) {
    const slash = name.indexOf('/');
    if (slash < 0) return undefined;
    prefix.push(name.slice(0, slash));
    name = name.slice(slash + 1);
  }
  const joined = prefix.join('/');
  return joined.length > 155 ? undefined : { name, prefix: joined };
}

function paxRecords(name: string, { linkname, uid, gid, size, xattrs }: TarHeader): string {
  const records: [string, string | number][] = [['path', name]];
  if (linkname) records.push(['linkpath', linkname]);
  if (uid > MAX_OCTAL_6) records.push(['uid', uid]);
  if (gid > MAX_OCTAL_6) records.push(['gid', gid]);
  if (size > MAX_OCTAL_11) records.push(['size', size]);
  const sorted = [...xattrs].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [key, value] of sorted) records.push([`${XATTR}${key}`, value]);
  return records.map(([key, value]) => withLength(` ${key}=${value}\n`)).join('');
}

/** A record starts with its length, which includes the digits of the length. */
function withLength(record: string): string {
  let length = record.length;
  while (String(length).length + record.length !== length) {
    length = String(length).length + record.length;
  }
  return `${length}${record}`;
}

function ustar(
  { name, prefix = '' }: SplitName,
  type: string,
  { mode, uid, gid, size, linkname, device }: Omit<TarHeader, 'name' | 'type' | 'xattrs'>,
): Buffer {
  const block = Buffer.alloc(BLOCK);
  const put = (text: string, offset: number) => block.write(text, offset, 'latin1');
  put(name, 0);
  put(octal(mode & 0o7777, 6), 100);
  put(octal(uid, 6), 108);
  put(octal(gid, 6), 116);
  put(octal(size, 11), 124);
  put(octal(0, 11), 136);
  put(type, 156);
  put(linkname, 157);
  put('ustar\0' + '00', 257);
  put(octal(device.major, 6), 329);
  put(octal(device.minor, 6), 337);
  put(prefix, 345);
  put(octal(checksum(block), 6), 148);
  return block;
}

function octal(value: number, digits: number): string {
  const text = value.toString(8);
  return `${text.length > digits ? '7'.repeat(digits) : text.padStart(digits, '0')} `;
}

/** The sum of all bytes, with spaces for those of the checksum. */
function checksum(block: Buffer): number {
  let sum = 8 * 32;
  // Without an iterator, which takes seconds for the headers of a large layer.
  for (let index = 0; index < BLOCK; index += 1) {
    if (index < 148 || index >= 156) sum += block[index] ?? 0;
  }
  return sum;
}

/** A single header, without the values of extended headers before it. */
export interface RawHeader extends Omit<TarHeader, 'type' | 'xattrs'> {
  readonly type: string;
}

/** undefined for a block of zeros, which ends a tar. @throws OciError `LAYER_INVALID` */
export function decodeHeader(block: Buffer): RawHeader | undefined {
  if (block.equals(EMPTY)) return undefined;
  if (checksum(block) !== numberAt(block, 148, 8)) {
    throw new OciError(
      'LAYER_INVALID',
      'Damaged layer: it is not a tar file.\nFix: build the image again.',
    );
  }
  const prefix = textAt(block, 257, 6) === 'ustar' ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  const type = textAt(block, 156, 1) || TAR_TYPE.file;
  return {
    name: prefix ? `${prefix}/${name}` : name,
    type,
    mode: numberAt(block, 100, 8) & 0o7777,
    uid: numberAt(block, 108, 8),
    gid: numberAt(block, 116, 8),
    size: numberAt(block, 124, 12),
    linkname: textAt(block, 157, 100),
    device: { major: numberAt(block, 329, 8), minor: numberAt(block, 337, 8) },
  };
}

function textAt(block: Buffer, offset: number, length: number): string {
  const [text = ''] = block.toString('latin1', offset, offset + length).split('\0', 1);
  return text;
}

/** Octal digits, or GNU's binary form for larger numbers. */
function numberAt(block: Buffer, offset: number, length: number): number {
  const bytes = block.subarray(offset, offset + length);
  const [first = 0] = bytes;
  if (first === 0x80) return bytes.subarray(1).reduce((value, byte) => value * 256 + byte, 0);
  return Number.parseInt(textAt(block, offset, length).trim() || '0', 8);
}

/** The records of a pax header; `length key=value\n` each. */
export function decodePax(bytes: Buffer): Map<string, string> {
  const text = bytes.toString('latin1');
  const records = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const space = text.indexOf(' ', at);
    const length = Number.parseInt(text.slice(at, space), 10);
    const equals = text.indexOf('=', space);
    if (!(length > 0) || space < 0 || equals < 0) break;
    records.set(text.slice(space + 1, equals), text.slice(equals + 1, at + length - 1));
    at += length;
  }
  return records;
}
