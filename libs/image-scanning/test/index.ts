export { dpkgStatus, imageLayer, layerOf, layerType, osRelease, tarOf } from './layer';
export { sampleAdvisory } from './sample-advisory';
