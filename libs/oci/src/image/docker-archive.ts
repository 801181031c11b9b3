import { createReadStream, createWriteStream } from 'node:fs';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type Content,
  type ContentTarget,
  type Manifest,
  type PushOutcome,
  readContent,
} from '../content/content-store';
import { copy } from '../content/copy';
import { platformName, platformNodes, resolveImage } from '../content/image-graph';
import { type Digest } from '../digest';
import { OciError } from '../errors';
import { type TarEntry, tarStream } from '../layer/tar';
import { type ImageSource } from '../layout';
import { type Descriptor, parseManifest } from '../manifest';
import { replaceFile } from '../replace-file';

export interface DockerArchive {
  /** `os/architecture` */
  readonly platform: string;
  /** Opens the tar for `docker load`. */
  readonly open: () => Readable;
}

/**
 * The image archives of an image for `docker load` and `podman load`, one for each platform since the format allows only one. Their
 * bytes depend only on image and tag. Layers stay compressed, which all readers of the format support.
 * @param tag `repository:tag` of the loaded image
 */
export async function dockerArchives(
  { layout, digest }: ImageSource,
  tag: string,
): Promise<readonly DockerArchive[]> {
  const nodes = await platformNodes(layout, await resolveImage(layout, digest));
  return Promise.all(
    nodes.map(async (node) => {
      const target = new DockerArchiveTarget();
      await copy(layout, node.descriptor, target, { tags: [tag] });
      return {
        platform: (await platformName(layout, node)) ?? '',
        open: () => tarStream(target.entries()),
      };
    }),
  );
}

/** Replaces a file with an image archive. @throws as storageError */
export async function writeArchive({ open }: DockerArchive, file: string): Promise<void> {
  await replaceFile(file, (draft) => pipeline(open(), createWriteStream(draft)));
}

/** Collects the content of an image for one platform. It is not a source, since it is written at once. */
export class DockerArchiveTarget implements ContentTarget {
  readonly name = 'image archive';
  readonly checksReferences = false;
  private readonly contents = new Map<Digest, string | Uint8Array>();
  private readonly tags: string[] = [];
  private image: Manifest | undefined;

  async exists({ digest }: Descriptor): Promise<boolean> {
    return this.contents.has(digest);
  }

  async push({ digest }: Descriptor, source: () => Promise<Content>): Promise<PushOutcome> {
    if (this.contents.has(digest)) return 'present';
    const content = await source();
    const isLocal = typeof content === 'string' || !('read' in content);
    this.contents.set(digest, isLocal ? content : await readContent(content));
    return 'uploaded';
  }

  async tag(manifest: Manifest, tag: string): Promise<void> {
    this.image = manifest;
    this.tags.push(tag);
  }

  /** The content of the tar. @throws OciError `MANIFEST_INVALID` */
  entries(): readonly TarEntry[] {
    const { config, layers } = parseManifest(this.image?.bytes ?? '')?.content ?? {};
    if (!config || !layers) {
      throw new OciError('MANIFEST_INVALID', 'An image archive needs the image of one platform.');
    }
    const configName = `${hex(config.digest)}.json`;
    const Layers = layers.map(({ digest }) => layerName(digest));
    const manifest = [{ Config: configName, RepoTags: this.tags, Layers }];
    const unique = [...new Map(layers.map((layer) => [layer.digest, layer])).values()];
    return [
      { ...attributes, name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) },
      this.entry(configName, config),
      ...unique.map((layer) => this.entry(layerName(layer.digest), layer)),
    ];
  }

  private entry(name: string, { digest, size }: Descriptor): TarEntry {
    const content = this.contents.get(digest);
    if (content === undefined) {
      throw new OciError('BLOB_MISSING', `Blob missing for an image archive: ${digest}.`);
    }
    return typeof content === 'string'
      ? { ...attributes, name, size, open: () => createReadStream(content) }
      : { ...attributes, name, content };
  }
}

const attributes = { type: 'file', mode: 0o644, uid: 0, gid: 0 } as const;

const layerName = (digest: Digest) => `${hex(digest)}.tar.gz`;
const hex = (digest: Digest) => digest.slice('sha256:'.length);
