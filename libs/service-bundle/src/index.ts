export { type Bundle, type BundledPackage, bundleOf, describeBundle, readBundle } from './bundle';
export { type BundleOptions, planBundle } from './bundle-plan';
export { type InstalledPackage, readInstalledPackages } from './installed-packages';
export { bundleService } from './bundle-service';
