import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { type Digest } from '../digest';
import { OciError } from '../errors';
import { type ImageConfig, imageConfigSchema } from '../manifest';
import { type UnpackedArchive } from './unpack-archive';

/** Docker's `manifest.json`, which every version writes, those since 25 beside an OCI layout. */
const manifestSchema = z.tuple([z.object({ Config: z.string(), Layers: z.array(z.string()) })]);

export interface ArchivedLayer {
  readonly diffId: Digest;
  /** Its uncompressed tar. @throws OciError `ARCHIVE_INVALID` */
  tar(): Promise<string>;
}

export interface ArchivedImage {
  readonly config: ImageConfig;
  readonly layers: readonly ArchivedLayer[];
}

/** The one image of an archive. @param folder for what has to be decompressed */
export async function readArchivedImage(
  archive: UnpackedArchive,
  folder: string,
): Promise<ArchivedImage> {
  const [{ Config, Layers }] = parse(manifestSchema, await archive.json('manifest.json'));
  const config = parse(imageConfigSchema, await archive.json(Config));
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== Layers.length) throw invalid('another number of layers than its config');
  const layers = diffIds.map((diffId, index) => ({
    diffId,
    tar: async () => {
      const file = archive.file(Layers[index] ?? '');
      if (file === undefined) throw invalid(`no layer ${diffId}`);
      return (await isGzip(file)) ? gunzip(file, path.join(folder, `layer-${index}`)) : file;
    },
  }));
  return { config, layers };
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid('no single image in it', parsed.error);
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function gunzip(file: string, target: string): Promise<string> {
  await pipeline(createReadStream(file), createGunzip(), createWriteStream(target));
  return target;
}

function invalid(what: string, cause?: unknown): OciError {
  return new OciError('ARCHIVE_INVALID', `What the engine saved has ${what}. Build again.`, {
    cause,
  });
}
