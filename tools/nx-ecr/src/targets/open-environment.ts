import { ecrTarget, type EcrTarget } from '@typerush/ecr-access';
import { type Environment, type RegistryConfig } from '@typerush/image-registry';
import { type PipelineEnvironment, readRegistry } from '@typerush/pipeline-context';

/** What a command on an environment uses. */
export interface OpenEnvironment {
  readonly registry: RegistryConfig;
  /** Where registry.json and the variables of this machine have the environment. */
  readonly target: EcrTarget;
}

/** @throws RegistryConfigError, PipelineError `FILE_MISSING` */
export async function openEnvironment(
  root: string,
  environment: Environment,
  machine: PipelineEnvironment,
): Promise<OpenEnvironment> {
  const registry = await readRegistry(root);
  const destinations = registry.destinations?.[environment] ?? [];
  return { registry, target: ecrTarget({ environment, destinations }, machine) };
}
