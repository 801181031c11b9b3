export { type Bundle, type BundledPackage, readBundle } from './bundle-file';
export { type BundleOptions, planBundle } from './bundle-plan';
export { bundleService } from './bundle-service';
export { describeBundle } from './describe-bundle';
