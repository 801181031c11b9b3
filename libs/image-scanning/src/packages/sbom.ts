import { PackageURL } from 'packageurl-js';
import * as z from 'zod';
import { type ListedPackage, type PackageType } from './installed-package';

/** An SBOM with more components is not read to its end. */
const maximumComponents = 100_000;

/** https://cyclonedx.org/docs/1.6/json/ */
const cycloneDxSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(z.unknown()).default([]),
});
const componentSchema = z.object({
  purl: z.string().optional(),
  components: z.array(z.unknown()).optional(),
});

/** https://spdx.github.io/spdx-spec/v2.3/ */
const spdxSchema = z.object({
  spdxVersion: z.string(),
  packages: z.array(z.unknown()).default([]),
});
const spdxPackageSchema = z.object({
  externalRefs: z
    .array(z.object({ referenceType: z.string(), referenceLocator: z.string() }))
    .default([]),
});

/** The packages of a CycloneDX or SPDX document that have a package URL; undefined for any other JSON. */
export function parseSbom(content: unknown): ListedPackage[] | undefined {
  const cycloneDx = cycloneDxSchema.safeParse(content);
  if (cycloneDx.success) return [...componentUrls(cycloneDx.data.components)].flatMap(packageOf);
  const spdx = spdxSchema.safeParse(content);
  return spdx.success ? spdx.data.packages.flatMap(spdxUrls).flatMap(packageOf) : undefined;
}

/** Components may contain components, to any depth. */
function* componentUrls(components: readonly unknown[]): Generator<string> {
  const pending = [...components].reverse();
  for (let count = 0; pending.length > 0 && count < maximumComponents; count += 1) {
    const { data } = componentSchema.safeParse(pending.pop());
    for (const part of data?.components ?? []) pending.push(part);
    if (data?.purl !== undefined) yield data.purl;
  }
}

function spdxUrls(candidate: unknown): string[] {
  const { data } = spdxPackageSchema.safeParse(candidate);
  return (data?.externalRefs ?? [])
    .filter(({ referenceType }) => referenceType === 'purl')
    .map(({ referenceLocator }) => referenceLocator);
}

const types: Readonly<Record<string, PackageType>> = { deb: 'deb', apk: 'apk', npm: 'npm' };

/** https://github.com/package-url/purl-spec */
function packageOf(url: string): ListedPackage[] {
  const purl = parseUrl(url);
  const type = types[purl?.type ?? ''];
  if (!purl?.version || type === undefined) return [];
  const { name, version, namespace, qualifiers } = purl;
  if (type === 'npm') return [{ type, name: namespace ? `${namespace}/${name}` : name, version }];
  // Generators write the source package as `glibc` or, if it has another version, as `gcc-12@12.2.0-14`.
  const [sourceName = name, sourceVersion = version] =
    qualifiers?.['upstream']?.split('@') ?? qualifiers?.['origin']?.split('@') ?? [];
  return [{ type, name, version, source: { name: sourceName, version: sourceVersion } }];
}

function parseUrl(url: string): PackageURL | undefined {
  try {
    return PackageURL.fromString(url);
  } catch {
    return undefined;
  }
}
