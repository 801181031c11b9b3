import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PipelineError } from '@typerush/pipeline-context';

/** Beside the folders that an image holds: in no image itself. */
export const bundleFile = 'bundle.json';

const bytes = z.int().nonnegative();

const packageSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  /** As its package.json says it, an SPDX expression as a rule. */
  license: z.string().optional(),
  /** What of it is in the bundle, which is as much as is used. */
  bytes,
});

const bundleSchema = z.strictObject({
  /** What Node starts, relative to the bundle's folder. */
  main: z.string(),
  /** By name, then version: the same package at two versions is there twice. */
  packages: z.array(packageSchema),
  /** Our own sources, relative to the workspace. */
  own: z.array(z.strictObject({ path: z.string(), bytes })),
  /** Packages that the code names and the bundle leaves out: an image does not have them. */
  external: z.array(z.string()),
  /** Every file of the bundle, relative to its folder. */
  outputs: z.array(z.strictObject({ file: z.string(), bytes })),
});

/** What a bundle is composed of: the same for the same sources, on any machine. */
export type Bundle = z.infer<typeof bundleSchema>;
export type BundledPackage = z.infer<typeof packageSchema>;

/**
 * Reads the composition of what stands in `folder`, such as `dist/apps/game-service`.
 *
 * @throws PipelineError `NOT_BUNDLED` when there is none, or none that can be read
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const file = path.join(folder, bundleFile);
  try {
    return bundleSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new PipelineError(
      'NOT_BUNDLED',
      `${file} cannot be read: run the project's build target, which writes it.`,
      { cause },
    );
  }
}
