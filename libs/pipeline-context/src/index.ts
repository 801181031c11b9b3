export {
  type BuiltImage,
  type BuiltPlatform,
  type EngineName,
  layoutFolder,
  readBuiltImage,
  writeBuiltImage,
} from './built-image';
export { readSource, type Source } from './commit';
export { type CiRun, type PipelineEnvironment, readEnvironment } from './pipeline-environment';
export { PipelineError } from './pipeline-error';
export { readRegistry } from './read-registry';
export { runNx } from './run-nx';
export { readServiceImage, type ServiceImage, type WorkspaceProject } from './service-image';
export { writeJson, writeText } from './write-file';
export { type OtherImage, otherImages } from './other-images';
