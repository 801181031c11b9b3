import { type Environment } from '@typerush/image-registry';
import { type EcrTarget } from '@typerush/ecr-access';
import { readAssembly } from '../declared/read-assembly';
import { EcrStandingRegistry } from '../ecr-standing-registry';
import { CloudFormationStacks } from './deployed-stacks';
import { guardImages } from './guard-images';
import { imagesInBackups } from './images-in-backups';

export interface Destruction {
  readonly workspaceRoot: string;
  readonly environment: Environment;
  /** The one stack that is meant; all of the environment's where it is left out. */
  readonly stack?: string;
}

/** @throws PipelineError IMAGES_NOT_BACKED_UP, NOT_SYNTHESIZED; whatever the registry throws */
export async function guardDestroy(
  { workspaceRoot, environment, stack }: Destruction,
  target: EcrTarget,
): Promise<void> {
  const stacks = stack
    ? [stack]
    : (await readAssembly(workspaceRoot, environment)).map(({ name }) => name);
  await guardImages(environment, stacks, {
    stacks: new CloudFormationStacks(target, environment),
    registry: new EcrStandingRegistry(target, environment),
    backedUpImages: imagesInBackups(workspaceRoot, environment),
  });
}
