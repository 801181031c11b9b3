import { cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PipelineError } from '@typerush/pipeline-context';
import { type Bundle, bundleFile } from './bundle-file';
import { type Asset, bundleFolders } from './bundle-plan';

export interface BundleFile {
  /** Relative to the bundle. */
  readonly file: string;
  readonly content: Uint8Array | string;
}

/** For Node on this machine, where a package.json above may say otherwise. An image has none above. */
const commonJs: BundleFile = { file: 'package.json', content: '{ "type": "commonjs" }\n' };

/**
 * Fills `folder` with these files and nothing else. It is made beside and takes its place when it is whole: who finds it, finds
 * all of it.
 *
 * @param describe its composition, of the files that are in it
 * @throws PipelineError `ASSET_MISSING`
 */
export async function writeBundle(
  folder: string,
  files: readonly BundleFile[],
  assets: readonly Asset[],
  describe: (outputs: Bundle['outputs']) => Bundle,
): Promise<Bundle> {
  const draft = path.join(path.dirname(folder), `.${path.basename(folder)}.partial`);
  await rm(draft, { recursive: true, force: true });
  for (const name of bundleFolders) await mkdir(path.join(draft, name), { recursive: true });
  for (const { file, content } of files) await writeFile(path.join(draft, file), content);
  for (const asset of assets) await copyAsset(asset, draft);
  const bundle = describe(await outputsIn(draft));
  await writeFile(path.join(draft, bundleFile), `${JSON.stringify(bundle, null, 2)}\n`);
  await writeFile(path.join(draft, commonJs.file), commonJs.content);
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return bundle;
}

async function copyAsset({ from, to }: Asset, folder: string): Promise<void> {
  try {
    await cp(from, path.join(folder, to), { recursive: true, dereference: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new PipelineError(
      'ASSET_MISSING',
      `The asset ${from} is not there. Create it, or take it out of "assets" in the options of the build target.`,
      { cause },
    );
  }
}

async function outputsIn(folder: string): Promise<Bundle['outputs']> {
  const names = await readdir(folder, { recursive: true });
  const files = await Promise.all(
    names.map(async (name) => ({ name, found: await stat(path.join(folder, name)) })),
  );
  return files
    .filter(({ found }) => found.isFile())
    .map(({ name, found }) => ({ file: name.split(path.sep).join('/'), bytes: found.size }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}
