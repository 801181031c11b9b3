import { type Models as Types, Models, SPDX } from '@cyclonedx/cyclonedx-library';

/** What a package.json says: an identifier, an expression, or words (`SEE LICENSE IN LICENSE.md`). */
export function licenseOf(license: string): Types.License {
  const words = license.trim();
  const id = SPDX.fixupSpdxId(words);
  if (id) return new Models.SpdxLicense(id);
  if (isExpression(words)) return new Models.LicenseExpression(words);
  return new Models.NamedLicense(words || 'unknown');
}

/** Identifiers that SPDX knows, put together: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/ */
function isExpression(words: string): boolean {
  const parts = words
    .replaceAll(/[()]/g, ' ')
    .trim()
    .split(/\s+(?:AND|OR)\s+/);
  return parts.every((part) =>
    SPDX.isSupportedSpdxId(part.trim().replace(/\+$|\s+WITH\s+\S+$/, '')),
  );
}
