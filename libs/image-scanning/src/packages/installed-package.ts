export type PackageType = 'deb' | 'apk' | 'npm';

/** A package in an image, as its package manager or an SBOM lists it. */
export interface InstalledPackage {
  readonly type: PackageType;
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  /** The package that it was built from, under whose name Debian and Alpine publish advisories. */
  readonly source?: { readonly name: string; readonly version: string };
  /** The file that lists it, without a leading `/`. */
  readonly file: string;
  /** The digest of the layer of that file. */
  readonly layer: string;
}

/** What a reader of a file finds; the file and its layer are added to each. */
export type ListedPackage = Omit<InstalledPackage, 'file' | 'layer'>;

/** Longer names and versions are not those of packages. */
const maximumLength = 256;

export const isPlausible = ({ name, version }: Pick<ListedPackage, 'name' | 'version'>): boolean =>
  isShort(name) && isShort(version);

const isShort = (text: string) => text.length > 0 && text.length <= maximumLength;
