import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Blob, BlobStore } from '../blob-store';
import { type Digest } from '../digest';
import { gzipChunks } from '../layer/gzip';
import { canonicalEntries, writeEntries } from '../layer/rewrite-tar';
import { type ScannedEntry } from '../layer/scan-tar';
import { encodeHeader, END_OF_TAR, padding } from '../layer/tar-header';
import { type OciLayout } from '../layout';

/** A layer above the base image as an engine wrote it, with its entries in canonical form. */
export interface ScannedLayer {
  /** The uncompressed tar. */
  readonly file: string;
  readonly entries: readonly ScannedEntry[];
}

export interface ImportedLayer extends Blob {
  readonly diffId: Digest;
}

/** @throws OciError `LAYER_INVALID` */
export async function scanLayer(file: string): Promise<ScannedLayer> {
  const handle = await open(file);
  try {
    return { file, entries: await canonicalEntries(handle) };
  } finally {
    await handle.close();
  }
}

/** Stores a layer with bytes that depend only on its content. */
export async function importLayer(
  { file, entries }: ScannedLayer,
  layout: OciLayout,
): Promise<ImportedLayer> {
  const handle = await open(file);
  try {
    return await compress(writeEntries(handle, entries), tarSize(entries), layout);
  } finally {
    await handle.close();
  }
}

/** Stores a layer unchanged, so that it keeps its diffId. */
export async function storeLayer(file: string, layout: OciLayout): Promise<ImportedLayer> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return await compress(handle.createReadStream({ autoClose: false, start: 0 }), size, layout);
  } finally {
    await handle.close();
  }
}

function tarSize(entries: readonly ScannedEntry[]): number {
  const sizes = entries.map(
    (entry) => encodeHeader(entry).length + entry.size + padding(entry.size),
  );
  return sizes.reduce((sum, size) => sum + size, END_OF_TAR.length);
}

async function compress(
  tar: AsyncIterable<Uint8Array>,
  size: number,
  layout: OciLayout,
): Promise<ImportedLayer> {
  const hash = createHash('sha256');
  const hashed = async function* () {
    for await (const chunk of tar) {
      hash.update(chunk);
      yield chunk;
    }
  };
  const gzip = Readable.from(gzipChunks(hashed(), size), { objectMode: false });
  const blob = await new BlobStore(layout.dir).takeUnknown(gzip);
  return { ...blob, diffId: `sha256:${hash.digest('hex')}` };
}
