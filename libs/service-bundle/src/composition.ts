import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { type Bundle, type BundledPackage } from './bundle-file';
import { dependenciesModule } from './bundle-own-code';
import { type LinkedOutput } from './linked-output';
import { isThirdParty, packageFolder, packageName } from './third-party';

/** The form of today, and that of old packages. */
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

type Inputs = LinkedOutput['inputs'];

/** What a bundle of these outputs is composed of. */
export async function composition(
  outputs: readonly LinkedOutput[],
  workspaceRoot: string,
): Promise<Pick<Bundle, 'packages' | 'own' | 'external'>> {
  const inputs = new Map<string, number>();
  for (const [file, bytes] of outputs.flatMap((output) => [...output.inputs])) {
    inputs.set(file, bytes + (inputs.get(file) ?? 0));
  }
  return {
    packages: await packagesOf(inputs, workspaceRoot),
    own: ownFiles(inputs, workspaceRoot),
    external: leftOut(outputs.flatMap(({ external }) => external)),
  };
}

const ownFiles = (inputs: Inputs, workspaceRoot: string) =>
  [...inputs]
    .filter(([file]) => !isThirdParty(workspaceRoot, path.join(workspaceRoot, file)))
    .map(([file, bytes]) => ({ path: file, bytes }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

async function packagesOf(inputs: Inputs, workspaceRoot: string): Promise<BundledPackage[]> {
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
  const { name, version, license, licenses } = packageSchema.parse(JSON.parse(text));
  const known = license ?? licenses?.join(' OR ');
  return {
    name: name ?? folder.split('node_modules/').at(-1) ?? '',
    version,
    ...(known && { license: known }),
  };
}

function leftOut(specifiers: readonly string[]): string[] {
  const packages = specifiers
    .filter((name) => name !== dependenciesModule && !isBuiltin(name))
    .map(packageName);
  return [...new Set(packages)].sort();
}

const isBuiltin = (name: string) => name.startsWith('node:') || builtinModules.includes(name);
