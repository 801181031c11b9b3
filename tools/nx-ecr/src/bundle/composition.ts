import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { type Metafile } from 'esbuild';
import { z } from 'zod';
import { type BundledPackage } from './bundle-file';
import { dependenciesModule } from './bundle-own-code';
import { isThirdParty, packageFolder, packageName } from './third-party';

const packageSchema = z.looseObject({
  name: z.string().optional(),
  version: z.string().default('0.0.0'),
  license: z.union([z.string(), z.looseObject({ type: z.string() })]).optional(),
});

/** What esbuild says that it has put into the outputs, input by input; none of our generated modules. */
export function inputsOf(metafiles: readonly Metafile[]): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (const output of metafiles.flatMap(({ outputs }) => Object.values(outputs))) {
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      if (bytesInOutput === 0 || /^(dependency|link):|^dependencies$/.test(file)) continue;
      bytes.set(file, (bytes.get(file) ?? 0) + bytesInOutput);
    }
  }
  return bytes;
}

/** The inputs that are our own, by path. */
export const ownFiles = (inputs: ReadonlyMap<string, number>, workspaceRoot: string) =>
  [...inputs]
    .filter(([file]) => !isThirdParty(workspaceRoot, path.join(workspaceRoot, file)))
    .map(([file, bytes]) => ({ path: file, bytes }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

/** The inputs that are third-party, as packages. */
export async function packagesOf(
  inputs: ReadonlyMap<string, number>,
  workspaceRoot: string,
): Promise<BundledPackage[]> {
  const folders = new Map<string, number>();
  for (const [file, bytes] of inputs) {
    const absolute = path.join(workspaceRoot, file);
    if (!isThirdParty(workspaceRoot, absolute)) continue;
    const folder = packageFolder(absolute);
    folders.set(folder, (folders.get(folder) ?? 0) + bytes);
  }
  const packages = new Map<string, BundledPackage>();
  for (const [folder, bytes] of folders) {
    const found = { ...(await readPackage(folder)), bytes };
    const key = `${found.name}@${found.version}`;
    packages.set(key, { ...found, bytes: bytes + (packages.get(key)?.bytes ?? 0) });
  }
  return [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}

async function readPackage(folder: string): Promise<Omit<BundledPackage, 'bytes'>> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const { name, version, license } = packageSchema.parse(JSON.parse(text));
  const known = typeof license === 'string' ? license : license?.type;
  return {
    name: name ?? folder.split('node_modules/').at(-1) ?? '',
    version,
    ...(known !== undefined && { license: known }),
  };
}

/** Packages that an output names and does not hold. */
export function externalsOf(metafiles: readonly Metafile[]): string[] {
  const named = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ imports }) => imports.filter(({ external }) => external))
    .map((one) => one.path)
    .filter((name) => name !== dependenciesModule && !isBuiltin(name))
    .map(packageName);
  return [...new Set(named)].sort();
}

const isBuiltin = (name: string) => name.startsWith('node:') || builtinModules.includes(name);
