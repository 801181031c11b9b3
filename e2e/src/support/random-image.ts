import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Descriptor, type Digest, digestOf, MEDIA_TYPE, OciLayout } from '@typerush/oci';
import { runOk } from './run';

export interface RandomImage {
  readonly layout: OciLayout;
  readonly digest: Digest;
  /** Its layers, then its config. */
  readonly blobs: readonly Descriptor[];
}

/** An image that every client can pull: a layer for each size, with one incompressible file. */
export async function randomImage(dir: string, sizes: readonly number[]): Promise<RandomImage> {
  const layout = await OciLayout.create(dir);
  const layers: Descriptor[] = [];
  const diffIds: Digest[] = [];
  for (const [index, size] of sizes.entries()) {
    const tar = await tarOf(`file-${index}`, randomBytes(size));
    diffIds.push(digestOf(tar));
    const mediaType = MEDIA_TYPE.ociLayerGzip;
    layers.push({ mediaType, ...(await layout.write(gzipSync(tar, { level: 0 }))) });
  }
  const json = async (mediaType: string, content: object) => ({
    mediaType,
    ...(await layout.write(Buffer.from(JSON.stringify(content)))),
  });
  const config = await json(MEDIA_TYPE.ociConfig, {
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['/file-0'] },
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
  const mediaType = MEDIA_TYPE.ociManifest;
  const manifest = await json(mediaType, { schemaVersion: 2, mediaType, config, layers });
  await layout.setImages([manifest]);
  return { layout, digest: manifest.digest, blobs: [...layers, config] };
}

async function tarOf(name: string, content: Buffer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'layer-'));
  try {
    await mkdir(join(folder, 'files'));
    await writeFile(join(folder, 'files', name), content);
    await runOk('tar', ['-cf', join(folder, 'layer.tar'), '-C', join(folder, 'files'), name]);
    return await readFile(join(folder, 'layer.tar'));
  } finally {
    await rm(folder, { recursive: true });
  }
}
