import * as z from 'zod';
import { type LockedPackages } from './package-lock';

const names = z.record(z.string(), z.unknown()).default({});

const requirementsSchema = z.looseObject({
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  optionalPeers: z.array(z.string()).default([]),
});

/** `["name@version", registry, requirements, integrity]`, or `["name@workspace:folder"]` */
const lockSchema = z.looseObject({
  packages: z.record(z.string(), z.array(z.unknown())).default({}),
});

/** The packages of `bun.lock`, in the form of package-lock.json; https://bun.com/docs/pm/lockfile */
export function parseBunLock(text: string): LockedPackages {
  // It has commas before closing brackets.
  const { packages } = lockSchema.parse(JSON.parse(text.replaceAll(/,(?=\s*[}\]])/g, '')));
  const workspaces = new Map(
    Object.entries(packages).flatMap(([key, [identity]]) => {
      const folder = /@workspace:(.*)$/.exec(String(identity))?.[1];
      return folder === undefined ? [] : [[key, folder] as const];
    }),
  );
  const locked = Object.entries(packages)
    .filter(([key]) => !workspaces.has(key))
    .map(([key, entry]) => [folderOf(key, workspaces), lockedPackage(entry)] as const);
  return Object.fromEntries(locked);
}

/** `node_modules/a/node_modules/@b/c` of `a/@b/c` */
function folderOf(key: string, workspaces: ReadonlyMap<string, string>): string {
  const [first = '', ...rest] = key.match(/(@[^/]+\/)?[^/]+/g) ?? [];
  const start = workspaces.get(first) ?? `node_modules/${first}`;
  return [start, ...rest].join('/node_modules/');
}

function lockedPackage(entry: readonly unknown[]): LockedPackages[string] {
  const requirements = entry.find((each) => typeof each === 'object' && each !== null);
  const { dependencies, optionalDependencies, peerDependencies, optionalPeers } =
    requirementsSchema.parse(requirements ?? {});
  return {
    version: String(entry[0]).replace(/^.+@/, ''),
    integrity: entry.map(String).find((each) => /^sha\d+-/.test(each)),
    dependencies,
    optionalDependencies,
    peerDependencies,
    peerDependenciesMeta: Object.fromEntries(
      optionalPeers.map((name) => [name, { optional: true }]),
    ),
  };
}
