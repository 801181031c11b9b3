import { type SbomComponent } from '../attest/attached-sbom';

/** What differs in the packages of an image from those of another one. */
export interface PackageChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly {
    readonly name: string;
    readonly from: string;
    readonly to: string;
  }[];
}

/** @param to What is returned to. A package may be present in several versions. */
export function comparePackages(
  from: readonly SbomComponent[],
  to: readonly SbomComponent[],
): PackageChanges {
  const before = versionsByName(from);
  const after = versionsByName(to);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return {
    added: names.filter((name) => !before.has(name)),
    removed: names.filter((name) => !after.has(name)),
    changed: names.flatMap((name) => {
      const [old, now] = [before.get(name), after.get(name)];
      return old !== undefined && now !== undefined && old !== now
        ? [{ name, from: old, to: now }]
        : [];
    }),
  };
}

/** Packages, Node and the base image; the service itself has the version of the image. */
const isCompared = ({ type }: SbomComponent) => type !== 'application';

function versionsByName(components: readonly SbomComponent[]): ReadonlyMap<string, string> {
  const versions = new Map<string, Set<string>>();
  for (const { name, version = 'unknown' } of components.filter(isCompared)) {
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  return new Map([...versions].map(([name, found]) => [name, [...found].sort().join(', ')]));
}
