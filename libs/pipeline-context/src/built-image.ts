import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { digestSchema as digest } from '@typerush/oci';
import { PipelineError } from './pipeline-error';
import { writeJson } from './write-file';

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
  /** Docker's image ID. */
  configDigest: digest,
  layers: z.array(layerSchema),
});

/**
 * `dist/images/<service>/build.json`. It depends only on the content of the image, so that Nx can cache it. What depends on
 * the commit and the time is in `push.json`.
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
  /** The folder of the OCI image layout, relative to this file. Layers of the base image may be missing in it. */
  layout: z.literal('oci'),
});

export type BuiltImage = z.infer<typeof builtImageSchema>;
export type BuiltPlatform = z.infer<typeof platformSchema>;
export type EngineName = BuiltImage['engine'];

/** The folder of every engine's layout, relative to `build.json`. */
export const layoutFolder = 'oci' satisfies BuiltImage['layout'];

const fileOf = (folder: string) => path.join(folder, 'build.json');

export const writeBuiltImage = (folder: string, image: BuiltImage): Promise<void> =>
  writeJson(fileOf(folder), image);

/** @param purpose What needs the image: `push`. */
export const notBuilt = (project: string, purpose: string): PipelineError =>
  new PipelineError(
    'NOT_BUILT',
    `Cannot ${purpose} ${project}: no image has been built.\nFix: nx run ${project}:docker-build`,
  );

/** undefined if no image has been built. @throws PipelineError `BUILT_IMAGE_INVALID` */
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
      `Cannot read ${fileOf(folder)}: it was not written by this version of docker-build.\nFix: delete ${folder} and build again.`,
      { cause },
    );
  }
}
