export {
  type BuiltImage,
  type BuiltPlatform,
  type EngineName,
  layoutFolder,
  notBuilt,
  readBuiltImage,
  writeBuiltImage,
} from './built-image';
export { readSource, type Source } from './commit';
export { type CiRun, type PipelineEnvironment, readEnvironment } from './pipeline-environment';
export { parseAs } from './parse-as';
export { PipelineError } from './pipeline-error';
export { readRegistry } from './read-registry';
export { runNx } from './run-nx';
export { readServiceImage, type ServiceImage, type WorkspaceProject } from './service-image';
export { writeJson, writeText } from './write-file';
export { otherImages } from './other-images';
