import { parseRegistryConfig, type RegistryConfig, registryFile } from '@typerush/image-registry';
import { readWorkspaceFile } from './read-workspace-file';

/** The registry.json of a workspace. @throws RegistryConfigError, PipelineError `FILE_MISSING` */
export const readRegistry = async (root: string): Promise<RegistryConfig> =>
  parseRegistryConfig(await readWorkspaceFile(root, registryFile));
