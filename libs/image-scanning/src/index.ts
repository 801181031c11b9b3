export { AdvisoryIndex } from './advisories/advisory-index';
export { npmVulnerabilities } from './advisories/npm-advisories';
export { readAdvisoryFiles } from './advisories/advisory-files';
export { type Severity } from './advisories/severity';
export {
  findVulnerabilities,
  type UndecidedAdvisory,
  type Vulnerability,
  type VulnerabilityReport,
} from './find-vulnerabilities';
export { type ImageInventory, type ImageLayer, readInventory } from './inventory';
export { type InstalledPackage } from './packages/installed-package';
export { ecosystemOf, type OperatingSystem } from './packages/os-release';
export { compareDpkgVersions } from './versions/dpkg-version';
export { ScanError } from './scan-error';
