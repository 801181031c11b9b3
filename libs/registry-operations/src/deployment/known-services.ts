import {
  deploymentNames,
  type Environment,
  type RegistryConfig,
  supportingStacks,
} from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { readAssembly } from '../declared/read-assembly';

/**
 * Rejects the name of a service that no synthesized stack has: the CDK would report success for a stack that does not exist.
 *
 * @throws PipelineError SERVICE_UNKNOWN, NOT_SYNTHESIZED
 */
export async function assertServiceKnown(
  workspaceRoot: string,
  environment: Environment,
  registry: RegistryConfig,
  service: string,
): Promise<void> {
  const names = deploymentNames(registry, environment);
  const stacks = (await readAssembly(workspaceRoot, environment)).map(({ name }) => name);
  if (stacks.includes(names.serviceStack(service))) return;
  const others = supportingStacks.map((part) => names.supportingStack(part));
  const known = stacks
    .filter((stack) => !others.includes(stack))
    .map((stack) => stack.slice(names.serviceStack('').length));
  throw new PipelineError(
    'SERVICE_UNKNOWN',
    `There is no service "${service}" in environment "${environment}".\n` +
      `Fix: pass --service with one of: ${known.join(', ') || 'none'}`,
  );
}
