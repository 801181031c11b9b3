import { ImageRegistryError } from '@typerush/image-registry';

/** Settings of `run` that AWS would reject, or that would not work as intended. `message` lists all problems. */
export class RunDefinitionError extends ImageRegistryError {
  readonly code = 'RUN_SETTINGS';
}
