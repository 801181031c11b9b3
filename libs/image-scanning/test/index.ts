export { debianVersion } from './debian-version';
export { dpkgStatus, imageLayer, layerOf, layerType, osRelease, tarOf } from './layer';
export { sampleAdvisory } from './sample-advisory';
