import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  dockerArchives,
  OciLayout,
  writeArchive,
  writeLayout,
  type BlobSource,
  type DockerArchive,
  type ImageSource,
} from '@typerush/oci';
import { type BuiltImage, PipelineError } from '@typerush/pipeline-context';

const kinds = ['layout', 'archive'] as const;
type OutputKind = (typeof kinds)[number];

/** `layout,archive` @throws PipelineError `OPTIONS_INVALID` */
export function parseOutputs(text: string): ReadonlySet<OutputKind> {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  const invalid = words.find((word) => !isKind(word));
  if (invalid === undefined) return new Set(words.filter(isKind));
  throw new PipelineError(
    'OPTIONS_INVALID',
    `Invalid output "${invalid}" in --output=${text}. Expected ${kinds.join(' or ')}, or both: --output=${kinds.join(',')}.`,
  );
}

const isKind = (word: string): word is OutputKind => kinds.some((kind) => kind === word);

/** In the folder of `build.json`. */
const layoutName = 'layout';

/** `image.tar` for a single platform, otherwise `image-linux-arm64.tar`. */
const archiveName = (platform: string, platforms: number): string =>
  platforms === 1 ? 'image.tar' : `image-${platform.replaceAll('/', '-')}.tar`;

const isOutput = (name: string): boolean =>
  name === layoutName || /^image(-[\w-]+)?\.tar$/.test(name);

/** The name of a built image in `docker images`. */
const localTag = ({ repository }: BuiltImage): string => `${repository}:build`;

/**
 * Writes the complete image in the requested forms, and removes those of an earlier build.
 *
 * @returns the absolute paths of what was written
 * @throws OciError, RegistryError if a layer of the base image is unreachable
 */
export async function writeOutputs(
  image: BuiltImage,
  folder: string,
  requested: ReadonlySet<OutputKind>,
  layersOfBase: BlobSource,
): Promise<readonly string[]> {
  for (const name of (await readdir(folder)).filter(isOutput)) {
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
  const source = await imageSource(image, folder, layersOfBase);
  const written: string[] = [];
  if (requested.has('layout')) {
    const layout = path.join(folder, layoutName);
    await writeLayout(source, layout, localTag(image));
    written.push(layout);
  }
  if (requested.has('archive')) {
    for (const archive of await dockerArchives(source, localTag(image))) {
      const file = path.join(folder, archiveName(archive.platform, image.platforms.length));
      await writeArchive(archive, file);
      written.push(file);
    }
  }
  return written;
}

/** The archive of a platform for `docker load`, or of the first one if the image lacks that platform. */
export async function archiveFor(
  platform: string,
  image: BuiltImage,
  folder: string,
  layersOfBase: BlobSource,
): Promise<DockerArchive> {
  const source = await imageSource(image, folder, layersOfBase);
  const archives = await dockerArchives(source, localTag(image));
  const found = archives.find((archive) => archive.platform === platform) ?? archives[0];
  if (!found) throw new Error('an image has a platform');
  return found;
}

async function imageSource(
  { layout, digest }: BuiltImage,
  folder: string,
  layersOfBase: BlobSource,
): Promise<ImageSource> {
  return { layout: await OciLayout.open(path.join(folder, layout), layersOfBase), digest };
}
