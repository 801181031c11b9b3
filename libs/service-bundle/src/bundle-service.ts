import { realpath, stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import * as z from 'zod';
import { PipelineError } from '@typerush/pipeline-context';
import { type Bundle, type BundledPackage, writeBundle } from './bundle';
import { bundleFailure, isBuildFailure, warningsAt } from './bundle-failure';
import { type BundlePlan } from './bundle-plan';
import { findFilesBesideCode } from './files-beside-code';
import { findDependencies } from './find-dependencies';
import { loadKey } from './entries-module';
import { linkDependencies } from './link-dependencies';
import { decoratorMetadata, dependenciesModule, linkOwnCode } from './link-own-code';
import { type LinkContext, type LinkedOutput, readEsbuildSettings } from './link-pass';
import { packageListing } from './package-listing';
import { linksOfStore } from './plug-and-play';
import { type ShippedFile } from './shipped-files';
import { type ShippedPackages } from './shipped-packages';
import {
  isThirdParty,
  nameOfFolder,
  packageFolder,
  packageName,
  readManifest,
} from './third-party';

/**
 * Bundles a service into a folder for third-party code and one for its own. An error leaves the previous bundle unchanged.
 *
 * @throws PipelineError `BUNDLE_FAILED`, `MAIN_MISSING`, `MODULES_NOT_IMPORTED`, `ASSET_MISSING`, `OMITTED_NOTHING`,
 *   `ESBUILD_CONFIG_INVALID`, `SWC_MISSING`
 */
export async function bundleService(
  plan: BundlePlan,
  project: string,
  report: (warning: string) => void = () => undefined,
): Promise<Bundle> {
  await stat(plan.main).catch((cause: unknown) => {
    throw new PipelineError(
      'MAIN_MISSING',
      `Cannot bundle ${project}: ${plan.main} does not exist.\n` +
        'Fix: create it, or set "main" in the options of the build target.',
      { cause },
    );
  });
  try {
    return await linkService(plan, report);
  } catch (error) {
    throw isBuildFailure(error) ? bundleFailure(error, project) : error;
  }
}

async function linkService(plan: BundlePlan, report: (warning: string) => void): Promise<Bundle> {
  const context: LinkContext = {
    plan,
    settings: await readEsbuildSettings(plan.esbuildConfig),
    ownCode: plan.decoratorMetadata ? [decoratorMetadata(plan.workspaceRoot)] : [],
    resolved: new Map(),
  };
  const used = await findDependencies(context);
  const [thirdParty, own] = await Promise.all([
    linkDependencies(context, used),
    linkOwnCode(context, used.dependencies),
  ]);
  const { output, shipped, files: shippedFiles, waits } = thirdParty;
  const main = 'service/main.js';
  const files = [
    { file: 'dependencies/index.js', content: output.text },
    { file: main, content: waits ? afterModules(own.text) : own.text },
  ];
  const outputs = [output, own];
  const warnings = [
    ...warningsAt(outputs.flatMap((each) => each.warnings)),
    ...(await findFilesBesideCode(plan, ownFilesOf(own, plan.workspaceRoot))),
  ];
  for (const warning of warnings) report(warning);
  const composition = await compositionOf(outputs, plan.workspaceRoot, shippedFiles, shipped);
  const shippedOrLinked = [
    ...shippedFiles,
    ...linksOfStore(shippedFiles.map(({ source }) => source)),
  ];
  const listing = await packageListing(composition.packages, shippedOrLinked);
  return writeBundle(plan.folder, [...files, ...listing, ...shippedOrLinked], plan.assets, {
    main,
    ...composition,
  });
}

const ownFilesOf = ({ inputs }: LinkedOutput, workspaceRoot: string): readonly string[] =>
  [...inputs.keys()].filter((file) => !isThirdParty(workspaceRoot, path.join(workspaceRoot, file)));

/** Runs own code when the ES modules that are shipped as files are loaded. */
const afterModules = (text: string) =>
  `require(${JSON.stringify(dependenciesModule)})[${JSON.stringify(loadKey)}]().then(() => {\n${text}});\n`;

async function compositionOf(
  outputs: readonly LinkedOutput[],
  workspaceRoot: string,
  files: readonly ShippedFile[],
  shipped: ShippedPackages,
): Promise<Pick<Bundle, 'packages' | 'own' | 'external'>> {
  const own = new Map<string, number>();
  const folders: PackageFolders = new Map();
  for (const [file, bytes] of outputs.flatMap(({ inputs }) => [...inputs])) {
    const absolute = path.join(workspaceRoot, file);
    if (isThirdParty(workspaceRoot, absolute)) addFile(folders, absolute, bytes);
    else add(own, file, bytes);
  }
  for (const { source } of files) {
    const found = await stat(source);
    if (found.isFile()) addFile(folders, await realpath(source), found.size);
  }
  return {
    packages: await packagesIn(folders, shipped),
    own: sorted(own).map(([file, bytes]) => ({ path: file, bytes })),
    external: externalPackages(outputs),
  };
}

/** What the image contains of a package folder. */
type PackageFolders = Map<string, { bytes: number; readonly files: string[] }>;

function addFile(folders: PackageFolders, file: string, bytes: number): void {
  const folder = packageFolder(file);
  const content = folders.get(folder) ?? { bytes: 0, files: [] };
  content.bytes += bytes;
  content.files.push(path.relative(folder, file).split(path.sep).join('/'));
  folders.set(folder, content);
}

function add(sums: Map<string, number>, key: string, bytes: number): void {
  sums.set(key, bytes + (sums.get(key) ?? 0));
}

const sorted = <T>(entries: Iterable<readonly [string, T]>) =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

async function packagesIn(
  folders: Readonly<PackageFolders>,
  shipped: ShippedPackages,
): Promise<BundledPackage[]> {
  const packages = new Map<string, BundledPackage>();
  for (const [folder, { bytes, files }] of folders) {
    const found = await readPackage(folder);
    const key = `${found.name}@${found.version}`;
    const asFiles = shipped.get(folder);
    const other = packages.get(key);
    // The same module may be in the bundle from two folders.
    const modules = [...new Set([...(other?.modules ?? []), ...files])].sort();
    packages.set(key, {
      ...found,
      bytes: bytes + (other?.bytes ?? 0),
      ...(asFiles ? { asFiles } : { modules }),
    });
  }
  return sorted(packages).map(([, found]) => found);
}

/** The second form is that of old packages. */
const licenseSchema = z.union([
  z.string(),
  z.looseObject({ type: z.string() }).transform(({ type }) => type),
]);

const packageSchema = z.looseObject({
  name: z.string().optional(),
  version: z.string().default('0.0.0'),
  license: licenseSchema.optional(),
  licenses: z.array(licenseSchema).optional(),
});

async function readPackage(folder: string): Promise<Omit<BundledPackage, 'bytes'>> {
  const manifest = packageSchema.parse((await readManifest(folder)) ?? {});
  const license = manifest.license ?? manifest.licenses?.join(' OR ');
  return {
    name: manifest.name ?? nameOfFolder(folder),
    version: manifest.version,
    ...(license && { license }),
  };
}

function externalPackages(outputs: readonly LinkedOutput[]): string[] {
  const packages = outputs
    .flatMap(({ imports }) => imports)
    .filter(({ external, path: specifier }) => external && !isNodeModule(specifier))
    .filter(({ path: specifier }) => !/^\.\.?\//.test(specifier))
    .map(({ path: specifier }) => packageName(specifier));
  return [...new Set(packages)].sort();
}

/** By its name too, so that the result does not depend on the version of Node that bundles. */
const isNodeModule = (specifier: string) => specifier.startsWith('node:') || isBuiltin(specifier);
