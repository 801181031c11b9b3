import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isDigest, type Digest } from '@typerush/oci';
import { PipelineError } from './pipeline-error';
import { writeJson } from './write-file';

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));

const layerSchema = z.object({
  /** Of the compressed layer; null until a Docker daemon has pushed it. */
  digest: digest.nullable(),
  /** Of the uncompressed layer. */
  diffId: digest,
  /** Compressed, in bytes; null as long as the digest is. */
  size: z.number().nullable(),
  fromBase: z.boolean(),
});

const platformSchema = z.object({
  /** `os/architecture` */
  platform: z.string(),
  digest: digest.nullable(),
  /** What Docker calls the image's ID. */
  configDigest: digest,
  layers: z.array(layerSchema),
});

/** `dist/images/<service>/image.json` */
const builtImageSchema = z.object({
  service: z.string(),
  repository: z.string(),
  engine: z.enum(['docker', 'oci']),
  /** The image's name in the Docker daemon, or the folder of its OCI layout relative to this file. */
  location: z.string(),
  /** Of the index, or of the manifest of a single platform. A Docker daemon knows it when it has pushed. */
  digest: digest.nullable(),
  platforms: z.array(platformSchema).min(1),
  base: z.object({ reference: z.string(), digest: digest.nullable(), standIn: z.boolean() }),
  /** The tags of the last push; they depend on commit and time, so a build has none. */
  tags: z.array(z.string()),
});

export type BuiltImage = z.infer<typeof builtImageSchema>;
export type BuiltPlatform = z.infer<typeof platformSchema>;
export type EngineName = BuiltImage['engine'];

const fileOf = (folder: string) => path.join(folder, 'image.json');

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
