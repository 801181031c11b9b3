import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import { type Blob } from '../blob-store';
import { type Digest, digestOf, digestSchema } from '../digest';
import { GZIP, gzipTar } from '../layer/gzip';
import { encodeTar, type TarMember } from '../layer/tar';
import { type OciLayout } from '../layout';
import { type Descriptor, MEDIA_TYPE } from '../manifest';
import { replaceFile } from '../replace-file';

/** Beside the files of the layout. */
const RECORD = 'layers.json';

const recordSchema = z.object({
  gzip: z.literal(GZIP),
  layers: z.record(digestSchema, z.object({ digest: digestSchema, size: z.int() })),
});

export interface PackedLayer {
  readonly descriptor: Descriptor;
  /** Digest of the tar before compression. */
  readonly diffId: Digest;
}

/**
 * Compresses layers into a layout. One that the layout has from a previous build, or for another platform, is not compressed
 * again: a changed line of a service changes one layer of several, and compression is most of the time of a build.
 */
export class PackedLayers {
  private readonly used = new Map<Digest, Blob>();

  private constructor(
    private readonly layout: OciLayout,
    private readonly known: ReadonlyMap<string, Blob>,
    private readonly compress: (tar: Uint8Array) => Uint8Array,
  ) {}

  static async open(layout: OciLayout, compress = gzipTar): Promise<PackedLayers> {
    return new PackedLayers(layout, await readRecord(layout), compress);
  }

  /** A layer of these entries, in this order. */
  async pack(members: Iterable<TarMember>): Promise<PackedLayer> {
    const tar = await buffer(Readable.from(encodeTar(members), { objectMode: false }));
    const diffId = digestOf(tar);
    const blob = (await this.find(diffId)) ?? (await this.layout.write(this.compress(tar)));
    this.used.set(diffId, blob);
    const { digest, size } = blob;
    return { diffId, descriptor: { mediaType: MEDIA_TYPE.ociLayerGzip, digest, size } };
  }

  /** Remembers the layers for the next build. */
  async save(): Promise<void> {
    const layers = Object.fromEntries([...this.used].sort(([a], [b]) => (a < b ? -1 : 1)));
    await replaceFile(path.join(this.layout.dir, RECORD), (draft) =>
      writeFile(draft, JSON.stringify({ gzip: GZIP, layers })),
    );
  }

  private async find(diffId: Digest): Promise<Blob | undefined> {
    const blob = this.used.get(diffId) ?? this.known.get(diffId);
    return blob && (await this.layout.isIntact(blob)) ? blob : undefined;
  }
}

/** Empty if there is none, or if it is damaged or of another compression. */
async function readRecord({ dir }: OciLayout): Promise<ReadonlyMap<string, Blob>> {
  try {
    const text = await readFile(path.join(dir, RECORD), 'utf8');
    return new Map(Object.entries(recordSchema.parse(JSON.parse(text)).layers));
  } catch {
    return new Map();
  }
}
