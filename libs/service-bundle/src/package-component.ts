// Not from the main module, which loads the validators and their libraries too.
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as SPDX from '@cyclonedx/cyclonedx-library/SPDX';
import { PackageURL } from 'packageurl-js';
import { type BundledPackage } from './bundle';

/** A package of a bundle as a component of a CycloneDX document: https://cyclonedx.org/docs/1.6/json/ */
export function packageComponent({ name, version, license, bytes }: BundledPackage) {
  const [, scope, unscoped = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  const purl = purlOf('npm', scope, unscoped, version);
  return new Models.Component(Enums.ComponentType.Library, unscoped, {
    group: scope,
    version,
    bomRef: purl,
    purl,
    licenses: new Models.LicenseRepository(license === undefined ? [] : [licenseOf(license)]),
    properties: componentProperties([['bytes', bytes]]),
  });
}

export const componentProperties = (
  pairs: readonly (readonly [string, string | number | boolean])[],
): Models.PropertyRepository =>
  new Models.PropertyRepository(
    pairs.map(([name, value]) => new Models.Property(`nx-ecr:${name}`, String(value))),
  );

/** https://github.com/package-url/purl-spec */
export function purlOf(...parts: ConstructorParameters<typeof PackageURL>): string {
  // The library leaves the plus sign of build metadata as it is; the specification does not permit it.
  return new PackageURL(...parts).toString().replaceAll('+', '%2B');
}

/** @param license Of a package.json: an identifier, an expression, or words (`SEE LICENSE IN LICENSE.md`). */
export function licenseOf(license: string): Models.License {
  const words = license.trim();
  const id = SPDX.fixupSpdxId(words);
  if (id) return new Models.SpdxLicense(id);
  if (isExpression(words)) return new Models.LicenseExpression(words);
  return new Models.NamedLicense(words || 'unknown');
}

/** Known identifiers, combined: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/ */
function isExpression(words: string): boolean {
  const parts = words
    .replaceAll(/[()]/g, ' ')
    .trim()
    .split(/\s+(?:AND|OR)\s+/);
  return parts.every((part) =>
    SPDX.isSupportedSpdxId(part.trim().replace(/\+$|\s+WITH\s+\S+$/, '')),
  );
}
