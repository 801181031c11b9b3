export {
  type BuiltImage,
  type BuiltPlatform,
  type EngineName,
  layoutFolder,
  readBuiltImage,
  writeBuiltImage,
} from './built-image';
export { type CiRun } from './ci-environment';
export { readSource, type Source } from './commit';
export { type PipelineEnvironment, readEnvironment } from './pipeline-environment';
export { PipelineError } from './pipeline-error';
export { readServiceImage, type ServiceImage } from './service-image';
export { writeJson, writeText } from './write-file';
export { type WorkspaceProject } from './workspace-project';
