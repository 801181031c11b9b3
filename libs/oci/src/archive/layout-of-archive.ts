import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Headers } from 'tar-stream';
import { BlobStore } from '../blob-store';
import { OciError, storageError } from '../errors';
import { OciLayout } from '../layout';
import { MEDIA_TYPE } from '../manifest';
import { platformOf } from '../platform';
import { type ArchivedImage, withArchivedImage } from './image-archive';
import { tarEntries } from './tar-entries';

const MAX_JSON = 4 * 1024 * 1024;
const BLOB = /^(?:\.\/)?blobs\/sha256\/([0-9a-f]{64})$/;
const JSON_FILE = /^(?:\.\/)?(oci-layout|index\.json)$/;

/**
 * Unpacks an image archive into the folder `dir`: the tar of an OCI layout, which most tools write, or that of older versions of
 * `docker save`. Only names of a layout are written, and blobs only if they have the content of their digest.
 * The layers of the latter are stored as they are: not compressed.
 * @throws OciError `ARCHIVE_INVALID`, `DIGEST_MISMATCH`, `DISK_FULL`
 */
export async function layoutOfArchive(file: string, dir: string): Promise<OciLayout> {
  try {
    if (await unpackLayout(file, dir)) return await OciLayout.open(dir);
    const options = { dir, isKnown: () => false };
    return await withArchivedImage(createReadStream(file), options, (image) =>
      layoutOfImage(image, dir),
    );
  } catch (error) {
    if (error instanceof OciError && error.code !== 'ARCHIVE_INVALID') throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code && code !== 'ARCHIVE_INVALID' && code !== 'ENOENT') throw storageError(dir, error);
    const reason = code === 'ENOENT' ? 'it does not exist' : message.split('\n')[0];
    throw new OciError('ARCHIVE_INVALID', `Cannot read the image archive ${file}: ${reason}`, {
      cause: error,
    });
  }
}

/** @returns Whether the archive is that of a layout. */
async function unpackLayout(file: string, dir: string): Promise<boolean> {
  const blobs = new BlobStore(dir);
  const found = new Set<string>();
  await mkdir(dir, { recursive: true });
  const take = async ({ name, type, size = 0 }: Headers, content: Readable) => {
    const hex = BLOB.exec(name)?.[1];
    const json = JSON_FILE.exec(name)?.[1];
    if (type === 'file' && hex && (await blobs.size(`sha256:${hex}`)) === undefined) {
      return blobs.take({ digest: `sha256:${hex}`, size }, () => content);
    }
    if (type === 'file' && json && size <= MAX_JSON) {
      found.add(json);
      return writeFile(path.join(dir, json), await buffer(content));
    }
    content.resume();
    return undefined;
  };
  await pipeline(createReadStream(file), tarEntries(take));
  return found.has('oci-layout') && found.has('index.json');
}

async function layoutOfImage({ config, layers }: ArchivedImage, dir: string): Promise<OciLayout> {
  const layout = await OciLayout.create(dir);
  const blobs = new BlobStore(dir);
  const stored = [];
  for (const { diffId, tar } of layers) {
    const blob = await blobs.takeUnknown(createReadStream(await tar()));
    if (blob.digest !== diffId) {
      throw new OciError('ARCHIVE_INVALID', `layer ${diffId} is damaged.`);
    }
    stored.push(blob);
  }
  const configBlob = await layout.write(Buffer.from(JSON.stringify(config)));
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, ...configBlob },
    layers: stored.map(({ digest, size }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      digest,
      size,
    })),
  };
  const top = await layout.write(Buffer.from(JSON.stringify(manifest)));
  const platform = platformOf(config);
  await layout.setImages([{ mediaType: MEDIA_TYPE.ociManifest, ...top, platform }]);
  return layout;
}
