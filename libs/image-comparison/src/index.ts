export { compareFacts, type ImageFinding } from './compare-facts';
export { compareImages, type CompareOptions } from './compare-images';
export { type ImageDifference } from './image-difference';
export {
  type ImageFacts,
  type ImagePlace,
  openImage,
  type OpenImage,
  resolvePlatforms,
} from './read-image';
export { sbomMediaType, sizesInSbom } from './sbom-packages';
export { describeDifference, summaryOf } from './describe-difference';
export { differencePage, differenceSections } from './difference-page';
export { differenceTables } from './difference-tables';
export { markup, type Html, reportPage } from './report-page';
