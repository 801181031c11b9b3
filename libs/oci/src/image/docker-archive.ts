import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Digest } from '../digest';
import { type TarEntry, tarStream } from '../layer/tar';
import { type Descriptor, imageConfigSchema } from '../manifest';
import { formatPlatform, platformOf } from '../platform';
import { storageError } from '../storage-error';
import { fileOf, manifestsOf, type PlatformManifest, topOf, type WholeImage } from './whole-image';

export interface DockerArchive {
  /** `os/architecture` */
  readonly platform: string;
  /** Of the archive's bytes in all: a tar that `docker load` takes; it can be read once. */
  readonly open: () => Readable;
}

/**
 * An image as `docker save` writes it, for `docker load` and `podman load`: such an archive holds one platform, so there is
 * one for each. Bytes depend on image and tag alone. Layers stay compressed, as every reader of the format allows.
 * @param tag `repository:tag`, under which the image is to be known
 */
export async function dockerArchives(
  image: WholeImage,
  tag: string,
): Promise<readonly DockerArchive[]> {
  const manifests = await manifestsOf(image.layout, await topOf(image));
  return Promise.all(
    manifests.map(async (platform) => {
      const entries = await archiveEntries(image, platform, tag);
      return { platform: await platformName(image, platform), open: () => tarStream(entries) };
    }),
  );
}

/** Writes an archive to a file that is either whole or as it was. @throws as storageError */
export async function writeArchive({ open }: DockerArchive, file: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await pipeline(open(), createWriteStream(draft));
    await rename(draft, file);
  } catch (error) {
    throw storageError(path.dirname(file), error);
  } finally {
    await rm(draft, { force: true });
  }
}

async function archiveEntries(
  image: WholeImage,
  { manifest: { config, layers } }: PlatformManifest,
  tag: string,
): Promise<readonly TarEntry[]> {
  const configName = `${hex(config.digest)}.json`;
  const manifest = [
    { Config: configName, RepoTags: [tag], Layers: layers.map(({ digest }) => layerName(digest)) },
  ];
  const unique = [...new Map(layers.map((layer) => [layer.digest, layer])).values()];
  return [
    textEntry('manifest.json', Buffer.from(JSON.stringify(manifest))),
    textEntry(configName, await image.layout.read(config.digest)),
    ...(await Promise.all(unique.map((layer) => layerEntry(image, layer)))),
  ];
}

const attributes = { type: 'file', mode: 0o644, uid: 0, gid: 0 } as const;

const textEntry = (name: string, content: Uint8Array): TarEntry => ({
  ...attributes,
  name,
  content,
});

async function layerEntry(image: WholeImage, layer: Descriptor): Promise<TarEntry> {
  const file = await fileOf(image, layer);
  const { digest, size } = layer;
  return { ...attributes, name: layerName(digest), size, open: () => createReadStream(file) };
}

const layerName = (digest: Digest) => `${hex(digest)}.tar.gz`;
const hex = (digest: Digest) => digest.slice('sha256:'.length);

async function platformName(
  { layout }: WholeImage,
  { descriptor, manifest }: PlatformManifest,
): Promise<string> {
  const config = imageConfigSchema.parse(
    JSON.parse((await layout.read(manifest.config.digest)).toString()),
  );
  return formatPlatform(descriptor.platform ?? platformOf(config));
}
