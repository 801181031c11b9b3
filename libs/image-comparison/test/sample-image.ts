import { buffer } from 'node:stream/consumers';
import { createLayer, digestOf, type ImageConfig, MEDIA_TYPE, OciLayout } from '@typerush/oci';
import { pack } from 'tar-stream';
import { gzipSync } from 'node:zlib';

type Files = Readonly<Record<string, string>>;

export interface SampleImage {
  /** The layers from the base image on: the files of each, by path. */
  readonly layers: readonly Files[];
  readonly run?: ImageConfig['config'];
  readonly platforms?: readonly string[];
}

/** Writes an image into a layout. @returns Its digest. */
export async function writeSample(dir: string, sample: SampleImage): Promise<string> {
  const { layers, run = {}, platforms = ['linux/amd64'] } = sample;
  const layout = await OciLayout.create(dir);
  const packed = [];
  for (const files of layers) packed.push(await layerOf(files));
  for (const { bytes } of packed) await layout.write(bytes);
  const manifests = [];
  for (const platform of platforms) {
    const [os = '', architecture = ''] = platform.split('/');
    const config = {
      os,
      architecture,
      config: run,
      rootfs: { type: 'layers', diff_ids: packed.map(({ diffId }) => diffId) },
      history: layers.map((_, index) => ({ created_by: `COPY /from ./layer${index}/ # buildkit` })),
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, ...(await layout.write(json(config))) },
      layers: packed.map(({ descriptor }) => descriptor),
    };
    const blob = await layout.write(json(manifest));
    manifests.push({
      mediaType: MEDIA_TYPE.ociManifest,
      ...blob,
      platform: { os, architecture },
    });
  }
  const [only] = manifests;
  if (!only) throw new Error('a sample has a platform');
  if (manifests.length === 1) {
    await layout.setImages([only]);
    return only.digest;
  }
  const index = json({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests });
  const top = { mediaType: MEDIA_TYPE.ociIndex, ...(await layout.write(index)) };
  await layout.setImages([top]);
  return top.digest;
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** With whiteouts and names that createLayer would reject. */
async function layerOf(files: Files) {
  const isPlain = Object.keys(files).every(
    (path) => path.startsWith('/') && !path.includes('.wh.'),
  );
  if (isPlain) {
    return createLayer(
      Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text) })),
    );
  }
  const tar = pack();
  for (const [path, text] of Object.entries(files)) tar.entry({ name: path.slice(1) }, text);
  tar.finalize();
  const plain = await buffer(tar);
  const bytes = gzipSync(plain);
  const mediaType = MEDIA_TYPE.ociLayerGzip;
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
  return { descriptor, diffId: digestOf(plain), bytes };
}
