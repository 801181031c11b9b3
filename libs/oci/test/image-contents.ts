import { createHash } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import tar from 'tar-stream';

/** What a file system contains, one line for each path: type, mode, owner, content or target, other names. */
export type Contents = ReadonlyMap<string, string>;

interface Item {
  readonly text: string;
  readonly inode: object;
}

/** The file system that layers make up, read with a library other than the one under test. */
export async function imageContents(layers: readonly Uint8Array[]): Promise<Contents> {
  const items = new Map<string, Item>();
  for (const layer of layers) await applyTo(items, layer);
  const names = new Map<object, string[]>();
  for (const [name, { inode }] of items) names.set(inode, [...(names.get(inode) ?? []), name]);
  const lines = [...items].map(([name, { text, inode }]) => {
    const [, ...others] = (names.get(inode) ?? []).sort();
    return [name, others.length > 0 ? `${text} = ${names.get(inode)?.join(' = ')}` : text] as const;
  });
  return new Map(lines.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function applyTo(items: Map<string, Item>, layer: Uint8Array): Promise<void> {
  const extract = tar.extract();
  extract.on('entry', (header, stream, next) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      applyEntry(items, header, Buffer.concat(chunks));
      next();
    });
  });
  Readable.from([Buffer.from(layer)]).pipe(extract);
  await finished(extract);
}

function applyEntry(items: Map<string, Item>, header: tar.Headers, content: Buffer): void {
  const name = path.posix.resolve('/', header.name);
  const base = path.posix.basename(name);
  if (name === '/') return;
  if (base.startsWith('.wh.')) {
    removeTree(items, path.posix.join(path.posix.dirname(name), base.slice('.wh.'.length)));
    return;
  }
  if (header.type !== 'directory') removeTree(items, name);
  const linked =
    header.type === 'link' && items.get(path.posix.resolve('/', header.linkname ?? ''));
  if (linked) {
    items.set(name, linked);
    return;
  }
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 8);
  // Linux gives links no mode of their own.
  const mode = header.type === 'symlink' ? '' : ((header.mode ?? 0) & 0o7777).toString(8);
  const detail = header.type === 'file' ? digest : (header.linkname ?? '');
  const text = [header.type, mode, `${header.uid}:${header.gid}`, detail].join(' ').trim();
  items.set(name, { text, inode: {} });
}

function removeTree(items: Map<string, Item>, target: string): void {
  for (const name of [...items.keys()]) {
    if (name === target || name.startsWith(`${target}/`)) items.delete(name);
  }
}
