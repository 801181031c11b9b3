import { comparePackages, type SbomComponent } from '@typerush/image-comparison';

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

/**
 * Compares packages, Node and the base image; the service itself has the version of the image.
 * @param to What is returned to.
 */
export function packageChanges(
  from: readonly SbomComponent[],
  to: readonly SbomComponent[],
): PackageChanges {
  const differences = comparePackages(from.filter(isCompared), to.filter(isCompared));
  const only = (change: 'added' | 'removed') =>
    differences.filter((one) => one.change === change).map(({ name }) => name);
  return {
    added: only('added'),
    removed: only('removed'),
    changed: differences.flatMap(({ name, before, after }) =>
      before && after && before.version !== after.version
        ? [{ name, from: before.version || 'unknown', to: after.version || 'unknown' }]
        : [],
    ),
  };
}

const isCompared = ({ type }: SbomComponent) => type !== 'application';
