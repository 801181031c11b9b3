import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { parseBunLock } from './bun-lock';
import { readManifest } from './third-party';

const names = z.record(z.string(), z.unknown()).default({});

/** The fields that package-lock.json and package.json share. */
export const optionalsSchema = z.object({
  optionalDependencies: names,
  peerDependenciesMeta: z
    .record(z.string(), z.object({ optional: z.boolean().default(false) }))
    .default({}),
});

/** `package-lock.json` since version 2; https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages */
const lockSchema = z.object({
  packages: z
    .record(
      z.string(),
      optionalsSchema.extend({
        version: z.string().optional(),
        integrity: z.string().optional(),
        dependencies: names,
        peerDependencies: names,
        /** Needed only for development. */
        dev: z.boolean().optional(),
      }),
    )
    .default({}),
});

/** By folder, relative to the workspace. */
export type LockedPackages = z.infer<typeof lockSchema>['packages'];

/** The packages that npm or bun has installed; none if the workspace uses another package manager, which keeps one copy of each. */
export async function readLockedPackages(workspaceRoot: string): Promise<LockedPackages> {
  const read = (name: string) =>
    readFile(path.join(workspaceRoot, name), 'utf8').catch(() => undefined);
  const ofNpm = await read('package-lock.json');
  if (ofNpm !== undefined) return lockSchema.parse(JSON.parse(ofNpm)).packages;
  const ofBun = await read('bun.lock');
  return ofBun === undefined ? {} : parseBunLock(ofBun);
}

/** The packages that a package can do without. */
export const optionalsOf = ({
  optionalDependencies,
  peerDependenciesMeta,
}: z.infer<typeof optionalsSchema>): string[] => [
  ...Object.keys(optionalDependencies),
  ...Object.keys(peerDependenciesMeta).filter((name) => peerDependenciesMeta[name]?.optional),
];

const declaredSchema = optionalsSchema.extend({ dependencies: names });

/** The packages that the package.json of a folder declares; none if it has no such file. */
export const readDeclared = async (folder: string) =>
  declaredSchema.parse((await readManifest(folder)) ?? {});

/** The packages that are installed with a package, except peers. */
export const declaredOf = ({
  dependencies,
  optionalDependencies,
}: z.infer<typeof declaredSchema>): string[] =>
  Object.keys({ ...dependencies, ...optionalDependencies });
