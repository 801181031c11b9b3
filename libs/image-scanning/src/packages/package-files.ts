import { parseApkInstalled } from './apk-installed';
import { parseDpkgStatus } from './dpkg-status';
import { isPlausible, type ListedPackage } from './installed-package';
import { parseBundle, parsePackageJson } from './npm-package';
import { parseSbom } from './sbom';

/** Larger files are reported and not read. The largest real ones, the status of a desktop and SBOMs of large images, have 10 MB. */
export const maximumFileSize = 32 * 1024 * 1024;

export type PackageFileKind = 'os-release' | 'packages' | 'sbom';

const kinds: readonly (readonly [RegExp, PackageFileKind])[] = [
  [/^(etc|usr\/lib)\/os-release$/, 'os-release'],
  [/^var\/lib\/dpkg\/status$/, 'packages'],
  [/^var\/lib\/dpkg\/status\.d\/[^/]+$/, 'packages'],
  [/^(usr\/)?lib\/apk\/db\/installed$/, 'packages'],
  [/(^|\/)node_modules\/(@[^/]+\/)?[^/@.][^/]*\/package\.json$/, 'packages'],
  [/(^|\/)bundle\.json$/, 'packages'],
  [/(^|\/)[^/]*(\.cdx|\.spdx|sbom|bom)\.json$/i, 'sbom'],
];

/** What a file is read for, by its path without a leading `/`; undefined for all others. */
export const kindOf = (path: string): PackageFileKind | undefined =>
  kinds.find(([pattern]) => pattern.test(path))?.[1];

/** The packages that a file lists. @throws SyntaxError if it should be JSON and is not */
export function packagesIn(path: string, text: string): ListedPackage[] {
  return parse(path, text).filter(isPlausible);
}

function parse(path: string, text: string): ListedPackage[] {
  // The lists of distroless images have files of checksums beside them.
  if (/^var\/lib\/dpkg\//.test(path))
    return path.endsWith('.md5sums') ? [] : [...parseDpkgStatus(text)];
  if (/lib\/apk\/db\/installed$/.test(path)) return [...parseApkInstalled(text)];
  const content: unknown = JSON.parse(text);
  if (/\/package\.json$/.test(path)) return parsePackageJson(content);
  if (/(^|\/)bundle\.json$/.test(path)) return parseBundle(content);
  return parseSbom(content) ?? [];
}
