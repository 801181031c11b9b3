import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import {
  type Content,
  type ContentSource,
  type Descriptor,
  OciError,
  tarEntries,
} from '@typerush/oci';
import { type Headers } from 'tar-stream';
import { maxSbomBytes } from './sbom-packages';

export interface ImageFile {
  readonly type: string;
  readonly bytes: number;
  /** Permission bits with setuid, setgid and sticky, in octal. */
  readonly mode: string;
  /** `uid:gid` */
  readonly owner: string;
  /** SHA-256 of a file's content. */
  readonly content?: string;
  /** Of a link. */
  readonly target?: string;
}

/** The files of an image, by path. */
export interface ImageFiles {
  readonly files: ReadonlyMap<string, ImageFile>;
  /** Paths below the layers that were read, which these hide. */
  readonly hidden: ReadonlySet<string>;
  /** The text of the last SBOM among the files. */
  readonly sbom?: string;
}

const maxEntries = 1_000_000;
const maxBytes = 16e9;
/** https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#whiteouts */
const whiteout = '.wh.';
const opaque = '.wh..wh..opq';
/** The names by which scanners know SBOMs in CycloneDX. */
const sbomName = /\.cdx\.json$/;

/**
 * The files in layers, later ones over earlier ones. Contents are hashed while they are read; nothing is stored.
 * @throws OciError `LAYER_INVALID`; RegistryError
 */
export async function readFiles(
  source: ContentSource,
  layers: readonly Descriptor[],
): Promise<ImageFiles> {
  let files = new Map<string, ImageFile>();
  let hidden = new Set<string>();
  let sbom: string | undefined;
  const budget = { entries: maxEntries, bytes: maxBytes };
  for (const descriptor of layers) {
    const layer = await readLayer(source, descriptor, budget);
    files = new Map([...files].filter(([path]) => !hides(layer, path)));
    hidden = new Set([...hidden, ...layer.removed, ...layer.replaced]);
    for (const [path, file] of layer.files) files.set(path, file);
    sbom = layer.sbom ?? sbom;
  }
  return { files, hidden, sbom };
}

/** Whether a path, or a folder above it, is one of the removed ones. */
export function isBelow(path: string, removed: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (removed.has(path.slice(0, end))) return true;
  }
  // The root, which a layer may hide as a whole.
  return removed.has('');
}

interface Layer {
  readonly files: ReadonlyMap<string, ImageFile>;
  /** By a whiteout. */
  readonly removed: ReadonlySet<string>;
  /** Folders whose lower content is hidden, and folders that became something else. */
  readonly replaced: ReadonlySet<string>;
  readonly sbom?: string;
}

const hides = ({ removed, replaced }: Layer, path: string) =>
  isBelow(path, removed) || isBelow(path, replaced);

interface Budget {
  entries: number;
  bytes: number;
}

async function readLayer(
  source: ContentSource,
  descriptor: Descriptor,
  budget: Budget,
): Promise<Layer> {
  try {
    const content = await source.fetch(descriptor);
    return await withStream(content, (stream) => listEntries(stream, descriptor, budget));
  } catch (cause) {
    if (cause instanceof OciError) throw cause;
    const problem = `Cannot read layer ${descriptor.digest} in ${source.name}: ${(cause as Error).message}.`;
    throw new OciError('LAYER_INVALID', problem, { cause });
  }
}

function withStream<T>(content: Content, use: (stream: Readable) => Promise<T>): Promise<T> {
  if (typeof content === 'string') return use(createReadStream(content));
  if ('read' in content) return content.read(async (open) => use(await open()));
  return use(Readable.from([content]));
}

async function listEntries(
  compressed: Readable,
  { mediaType }: Descriptor,
  budget: Budget,
): Promise<Layer> {
  const files = new Map<string, ImageFile>();
  const removed = new Set<string>();
  const replaced = new Set<string>();
  let sbom: string | undefined;
  const take = async (header: Headers, content: Readable) => {
    spend(budget, header.size ?? 0);
    const path = pathOf(header.name);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const folder = path.slice(0, path.length - name.length - 1);
    const { hash, text } = await consume(content, sbomName.test(name));
    if (name === opaque) replaced.add(folder);
    else if (name.startsWith(whiteout)) removed.add(`${folder}/${name.slice(whiteout.length)}`);
    else if (path) {
      const file = fileOf(header, hash);
      if (file.type !== 'directory') replaced.add(path);
      files.set(path, file);
      sbom = text ?? sbom;
    }
  };
  const tar = tarEntries(take);
  if (/[.+]gzip$/.test(mediaType)) await pipeline(compressed, createGunzip(), tar);
  else if (/\.tar$/.test(mediaType)) await pipeline(compressed, tar);
  else throw new OciError('LAYER_INVALID', `Unsupported layer: ${mediaType} is not gzip.`);
  return { files, removed, replaced, sbom };
}

function spend(budget: Budget, bytes: number): void {
  budget.entries -= 1;
  budget.bytes -= bytes;
  if (budget.entries < 0) throw new Error(`it has more than ${maxEntries} entries`);
  if (budget.bytes < 0) throw new Error(`it has more than ${maxBytes} bytes`);
}

/** Absolute: `/app/main.js`. */
const pathOf = (name: string) =>
  `/${name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')}`.replace(/^\/\.?$/, '');

async function consume(content: Readable, keep: boolean) {
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    if (keep && size <= maxSbomBytes) kept.push(chunk);
  }
  const text = keep && size <= maxSbomBytes ? Buffer.concat(kept).toString() : undefined;
  return { hash: hash.digest('hex'), text };
}

const types: Readonly<Record<string, string>> = { link: 'hardlink' };

function fileOf(
  { type = 'file', size = 0, mode = 0, uid = 0, gid = 0, linkname }: Headers,
  hash: string,
): ImageFile {
  return {
    type: types[type ?? 'file'] ?? type ?? 'file',
    bytes: size,
    mode: (mode & 0o7777).toString(8).padStart(4, '0'),
    owner: `${uid}:${gid}`,
    ...(type === 'file' && { content: hash }),
    ...(linkname && { target: linkname }),
  };
}
