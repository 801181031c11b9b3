import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isDigest, type Digest } from '@typerush/oci';
import { PipelineError } from './pipeline-error';
import { writeJson } from './write-file';

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));

const layerSchema = z.object({
  /** Of the compressed layer. */
  digest,
  /** Of the uncompressed layer. */
  diffId: digest,
  /** Compressed, in bytes. */
  size: z.int().nonnegative(),
  fromBase: z.boolean(),
});

const platformSchema = z.object({
  /** `os/architecture` */
  platform: z.string(),
  /** Of the manifest. */
  digest,
  /** What Docker calls the image's ID. */
  configDigest: digest,
  layers: z.array(layerSchema),
});

/**
 * `dist/images/<service>/build.json`. It is the same for the same content whatever the commit and the time, so that Nx may
 * cache it; what depends on them is in `push.json`.
 */
const builtImageSchema = z.object({
  service: z.string(),
  repository: z.string(),
  engine: z.enum(['docker', 'podman', 'oci']),
  /** Of the index, or of the manifest of a single platform. */
  digest,
  mediaType: z.string(),
  platforms: z.array(platformSchema).min(1),
  base: z.object({ reference: z.string(), digest: digest.nullable(), standIn: z.boolean() }),
  /** The folder of the OCI image layout, relative to this file. Layers of the base may be missing there. */
  layout: z.literal('oci'),
});

export type BuiltImage = z.infer<typeof builtImageSchema>;
export type BuiltPlatform = z.infer<typeof platformSchema>;
export type EngineName = BuiltImage['engine'];

/** Where every engine leaves its layout, in the folder of `build.json`. */
export const layoutFolder = 'oci' satisfies BuiltImage['layout'];

const fileOf = (folder: string) => path.join(folder, 'build.json');

export const writeBuiltImage = (folder: string, image: BuiltImage): Promise<void> =>
  writeJson(fileOf(folder), image);

/** undefined when nothing has been built. @throws PipelineError `BUILT_IMAGE_INVALID` */
export async function readBuiltImage(folder: string): Promise<BuiltImage | undefined> {
  let text: string;
  try {
    text = await readFile(fileOf(folder), 'utf8');
  } catch {
    return undefined;
  }
  try {
    return builtImageSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new PipelineError(
      'BUILT_IMAGE_INVALID',
      `${fileOf(folder)} was not written by this version of docker-build: delete ${folder} and build again.`,
      { cause },
    );
  }
}
