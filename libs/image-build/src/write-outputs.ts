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
import { type BuiltImage } from '@typerush/pipeline-context';
import { archiveFile, isArchiveFile, type OutputKind, completeLayoutFolder } from './build-outputs';

/** What `docker images` is to call a built image. */
export const localTag = ({ repository }: Pick<BuiltImage, 'repository'>): string =>
  `${repository}:build`;

export interface WrittenOutputs {
  /** Absolute; undefined if not requested. */
  readonly layout?: string;
  readonly archives: readonly string[];
}

/**
 * Writes the complete image in the requested forms, and removes what an earlier build wrote of another one.
 * @throws OciError, RegistryError if a layer of the base is unreachable
 */
export async function writeOutputs(
  image: BuiltImage,
  folder: string,
  wanted: ReadonlySet<OutputKind>,
  missing: BlobSource,
): Promise<WrittenOutputs> {
  await removeOutputs(folder);
  const source = await imageSource(image, folder, missing);
  const layout = path.join(folder, completeLayoutFolder);
  if (wanted.has('layout')) await writeLayout(source, layout, localTag(image));
  const archives = [];
  if (wanted.has('archive')) {
    for (const archive of await dockerArchives(source, localTag(image))) {
      const file = path.join(folder, archiveFile(archive.platform, image.platforms.length));
      await writeArchive(archive, file);
      archives.push(file);
    }
  }
  return { archives, ...(wanted.has('layout') ? { layout } : {}) };
}

/** The archive for a platform, or of what there is, for `docker load`. */
export async function archiveFor(
  platform: string,
  image: BuiltImage,
  folder: string,
  missing: BlobSource,
): Promise<DockerArchive> {
  const archives = await dockerArchives(await imageSource(image, folder, missing), localTag(image));
  const found = archives.find((archive) => archive.platform === platform) ?? archives[0];
  if (!found) throw new Error('an image has a platform');
  return found;
}

async function imageSource(
  { layout, digest }: BuiltImage,
  folder: string,
  missing: BlobSource,
): Promise<ImageSource> {
  return { layout: await OciLayout.open(path.join(folder, layout), missing), digest };
}

async function removeOutputs(folder: string): Promise<void> {
  const names = await readdir(folder);
  for (const name of names.filter(
    (found) => found === completeLayoutFolder || isArchiveFile(found),
  )) {
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
}
