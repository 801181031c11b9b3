import { existsSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { PipelineError } from '@typerush/pipeline-context';
import { optionalsOf, readDeclared } from './package-lock';
import { type ShippedFile, filesOf, shippedFile } from './shipped-files';
import { installedFolder, type ShippedPackages } from './shipped-packages';
import { nameOfFolder, packageFolder, readManifest } from './third-party';

const list = z.array(z.string()).default([]);
const manifestSchema = z.looseObject({ os: list, libc: list });

/**
 * Replaces the native addons of this machine with those of the image: prebuilt packages for Linux with musl, which is the C library
 * of Alpine. They are the same on every machine that builds.
 *
 * @throws PipelineError `NATIVE_ADDON` if a package has none
 */
export async function withAddonsOfImage(
  files: readonly ShippedFile[],
  shipped: ShippedPackages,
  workspaceRoot: string,
): Promise<readonly ShippedFile[]> {
  const native = [...shipped].filter(([, reason]) => reason === 'has a native addon');
  const found = new Map<string, ShippedFile>();
  const foreign = new Set<string>();
  for (const file of files) {
    const kind = await buildOf(file.source);
    if (kind === 'other') foreign.add(packageFolder(file.source));
    else found.set(file.file, file);
  }
  const owners = new Set(native.map(([folder]) => folder));
  for (const folder of foreign) owners.add(ownerOf(folder, await ownersIn(shipped)) ?? folder);
  for (const folder of owners) {
    const prebuilt = await prebuiltOf(folder);
    if (prebuilt.length === 0) throw notPrebuilt(folder);
    for (const source of prebuilt) {
      const file = shippedFile(workspaceRoot, source);
      found.set(file.file, file);
    }
  }
  return [...found.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/**
 * Whether a package has a native addon that every package which uses it can do without. It is left out, because whether it is
 * installed depends on the machine; the option `asFiles` keeps it.
 *
 * @param users the folders of the packages in the image
 */
export async function isOptionalAddon(folder: string, users: Iterable<string>): Promise<boolean> {
  const name = nameOfFolder(folder);
  let isOptional = false;
  for (const user of users) {
    const declared = await readDeclared(user);
    if (optionalsOf(declared).includes(name)) isOptional = true;
    else if (name in declared.dependencies) return false;
  }
  return isOptional && (await hasAddon(folder));
}

/** Whether a package is compiled when it is installed, or has a package for each platform. */
async function hasAddon(folder: string): Promise<boolean> {
  if (existsSync(path.join(folder, 'binding.gyp'))) return true;
  const variants = optionalsOf(await readDeclared(folder));
  return variants.some((variant) => /(linux|darwin|win32)/.test(variant));
}

/** Whether a file is machine code of the image's platforms, of another platform, or not machine code of one platform. */
async function buildOf(file: string): Promise<'image' | 'other' | 'any'> {
  const { os, libc } = manifestSchema.parse((await readManifest(packageFolder(file))) ?? {});
  if (os.length > 0 && !os.includes('linux')) return 'other';
  if (libc.length > 0) return libc.includes('musl') ? 'image' : 'other';
  if (!/\.node$|\.so(\.\d+)*$/.test(file)) return 'any';
  return /linux/.test(file) && /musl/.test(file) ? 'image' : 'other';
}

/** The optional packages that each package declares. */
async function ownersIn(shipped: ShippedPackages): Promise<ReadonlyMap<string, readonly string[]>> {
  const owners = new Map<string, readonly string[]>();
  for (const folder of shipped.keys()) owners.set(folder, optionalsOf(await readDeclared(folder)));
  return owners;
}

/** The package that has this one for one of its platforms. */
const ownerOf = (folder: string, owners: ReadonlyMap<string, readonly string[]>) =>
  [...owners].find(([, names]) => names.includes(nameOfFolder(folder)))?.[0];

/** The addons for Linux with musl in a package, and the files of the packages that it, or one of those, declares for them. */
async function prebuiltOf(folder: string, seen = new Set<string>()): Promise<readonly string[]> {
  const files: string[] = [];
  for (const file of await filesOf(folder)) {
    if (file.endsWith('.node') && (await buildOf(file)) === 'image') files.push(file);
  }
  for (const name of optionalsOf(await readDeclared(folder))) {
    const installed = await installedFolder(folder, name);
    if (installed === undefined || seen.has(installed)) continue;
    seen.add(installed);
    if ((await buildOf(path.join(installed, 'package.json'))) !== 'image') continue;
    files.push(...(await filesOf(installed)), ...(await prebuiltOf(installed, seen)));
  }
  return files;
}

function notPrebuilt(folder: string): PipelineError {
  const name = nameOfFolder(folder);
  return new PipelineError(
    'NATIVE_ADDON',
    `Cannot put ${name} into an image: it has a native addon, and none that is built for Linux with musl is installed.\n` +
      `Fix: if ${name} has packages for that platform, install them: npm install --no-save --os=linux --libc=musl --cpu=x64 ${name}\n` +
      `     if the service never loads ${name}, add it to "external" in the options of the build target;\n` +
      '     otherwise use a package without a native addon.',
  );
}
