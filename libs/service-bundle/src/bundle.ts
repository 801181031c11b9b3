import {
  copyFile,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type Asset, bundleFolders } from './bundle-plan';
import { type BundleLink } from './plug-and-play';
import { type ShippedFile } from './shipped-files';
import { loadedByName } from './shipped-packages';

/** In the folder of the bundle, and not in the image. */
const bundleFile = 'bundle.json';

const bytes = z.int().nonnegative();

const packageSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  /** From its package.json, usually an SPDX expression. */
  license: z.string().optional(),
  /** The size of its part in the bundle: only what is used. */
  bytes,
  /** Its modules in the bundle, relative to its folder; undefined if it is shipped as files. */
  modules: z.array(z.string()).optional(),
  /** Why it is shipped as files in `dependencies/node_modules`; undefined if it is in the bundle. */
  asFiles: z.string().optional(),
});

const bundleSchema = z.strictObject({
  /** The entry module, relative to the folder of the bundle. */
  main: z.string(),
  /** By name, then version: a package at two versions has two entries. */
  packages: z.array(packageSchema),
  /** Own sources, relative to the workspace. */
  own: z.array(z.strictObject({ path: z.string(), bytes })),
  /** Packages that the code imports and the bundle does not contain. */
  external: z.array(z.string()),
  /** All files of the bundle, relative to its folder. */
  outputs: z.array(z.strictObject({ file: z.string(), bytes })),
});

/** The composition of a bundle: the same for the same sources, on any machine. */
export type Bundle = z.infer<typeof bundleSchema>;
export type BundledPackage = z.infer<typeof packageSchema>;

/**
 * Reads bundle.json of the folder of a bundle, such as `dist/apps/game-service`.
 *
 * @throws PipelineError `NOT_BUNDLED` if it is missing or invalid
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const file = path.join(folder, bundleFile);
  try {
    return bundleSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new PipelineError(
      'NOT_BUNDLED',
      `Cannot read ${file}: it is missing or invalid.\nFix: run the build target of the project, which writes it.`,
      { cause },
    );
  }
}

/** The bundle of a service; undefined if its build recorded none. */
export const bundleOf = ({
  workspaceRoot,
  projectRoot,
}: Pick<ServiceImage, 'workspaceRoot' | 'projectRoot'>): Promise<Bundle | undefined> =>
  readBundle(path.join(workspaceRoot, 'dist', projectRoot)).catch(() => undefined);

export interface BundleFile {
  /** Relative to the folder of the bundle. */
  readonly file: string;
  readonly content: string;
}

type WrittenFile = BundleFile | BundleLink | ShippedFile;

/** For Node on this machine, where a package.json above may set another type. */
const packageFile: BundleFile = { file: 'package.json', content: '{ "type": "commonjs" }\n' };

/**
 * Replaces the content of `folder` with a bundle. It is written beside the folder and renamed when it is complete.
 *
 * @throws PipelineError `ASSET_MISSING`
 */
export async function writeBundle(
  folder: string,
  files: readonly WrittenFile[],
  assets: readonly Asset[],
  composition: Omit<Bundle, 'outputs'>,
): Promise<Bundle> {
  const draft = path.join(path.dirname(folder), `.${path.basename(folder)}.partial`);
  const write = async ({ file, content }: BundleFile) => {
    await mkdir(path.dirname(path.join(draft, file)), { recursive: true });
    await writeFile(path.join(draft, file), content);
  };
  const places = new Map(
    files.flatMap((each) => ('source' in each ? [[each.source, each.file] as const] : [])),
  );
  await rm(draft, { recursive: true, force: true });
  for (const name of bundleFolders) await mkdir(path.join(draft, name), { recursive: true });
  for (const file of files) {
    if ('content' in file) await write(file);
    else if ('target' in file) await writeLink(file, draft);
    else await copyShipped(file, draft, places);
  }
  // Some packages look for others from the module that calls them.
  if (composition.packages.some(({ asFiles }) => asFiles === loadedByName)) {
    await symlink('../dependencies/node_modules', path.join(draft, 'service/node_modules'));
  }
  for (const asset of assets) await copyAsset(asset, draft);
  const bundle = { ...composition, outputs: await outputsIn(draft) };
  await write({ file: bundleFile, content: `${JSON.stringify(bundle, null, 2)}\n` });
  await write(packageFile);
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return bundle;
}

async function writeLink({ file, target }: BundleLink, draft: string): Promise<void> {
  await mkdir(path.dirname(path.join(draft, file)), { recursive: true });
  await symlink(target, path.join(draft, file));
}

/** A link of pnpm or of Yarn leads to the copy of what it points to. */
async function copyShipped(
  { source, file }: ShippedFile,
  draft: string,
  places: ReadonlyMap<string, string>,
): Promise<void> {
  const target = path.join(draft, file);
  await mkdir(path.dirname(target), { recursive: true });
  if (!(await lstat(source)).isSymbolicLink()) return copyFile(source, target);
  const real = await realpath(source);
  const place = places.get(real) ?? folderPlace(real, places);
  if (place !== undefined) await symlink(path.relative(path.dirname(file), place), target);
}

function folderPlace(folder: string, places: ReadonlyMap<string, string>): string | undefined {
  for (const [source, file] of places) {
    if (source.startsWith(folder + path.sep)) return file.slice(0, folder.length - source.length);
  }
  return undefined;
}

async function copyAsset({ from, to }: Asset, folder: string): Promise<void> {
  try {
    await cp(from, path.join(folder, to), { recursive: true, dereference: true });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new PipelineError(
      'ASSET_MISSING',
      `Cannot copy the asset ${from}: it does not exist.\n` +
        'Fix: create it, or remove it from "assets" in the options of the build target.',
      { cause },
    );
  }
}

async function outputsIn(folder: string): Promise<Bundle['outputs']> {
  const outputs = await Promise.all(
    (await filesBelow(folder)).map(async (file) => ({
      file,
      bytes: (await lstat(path.join(folder, file))).size,
    })),
  );
  return outputs.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Not by a recursive `readdir`: with Plug'n'Play, that of Yarn follows links. */
async function filesBelow(folder: string, prefix = ''): Promise<readonly string[]> {
  const entries = await readdir(path.join(folder, prefix), { withFileTypes: true });
  const found = entries.map((entry) => {
    const file = prefix + entry.name;
    if (entry.isDirectory()) return filesBelow(folder, `${file}/`);
    return entry.isFile() ? [file] : [];
  });
  return (await Promise.all(found)).flat();
}

/** A human-readable summary. */
export function describeBundle(
  { packages, own, outputs, external }: Bundle,
  folder: string,
): string {
  const sum = (prefix: string) =>
    outputs
      .filter(({ file }) => file.startsWith(prefix))
      .reduce((total, { bytes }) => total + bytes, 0);
  const names = packages.map(({ name }) => name);
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
  return [
    folder,
    `  dependencies  ${kilobytes(sum('dependencies/'))}, ${packages.length} packages${twice.length > 0 ? `; at more than one version: ${twice.join(', ')}` : ''}`,
    ...packages
      .filter(({ asFiles }) => asFiles)
      .map(({ name, version, asFiles }) => `    as files    ${name}@${version}: ${asFiles}`),
    ...(sum('public/') > 0 ? [`  public        ${kilobytes(sum('public/'))}`] : []),
    `  service       ${kilobytes(sum('service/'))}, ${own.length} own files`,
    ...(external.length > 0 ? [`  left out      ${external.join(', ')}`] : []),
    '',
  ].join('\n');
}

const kilobytes = (bytes: number) => `${Math.max(1, Math.round(bytes / 1_000))} kB`;
