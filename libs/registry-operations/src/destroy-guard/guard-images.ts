import { type Environment } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { inBatches } from '../in-batches';
import { type StandingRegistry, type StandingRepository } from '../standing-registry';
import { type DeployedStacks } from './deployed-stacks';

export interface GuardPorts {
  readonly stacks: DeployedStacks;
  readonly registry: StandingRegistry;
  /** Which of these images complete backups hold, as they could be restored. */
  readonly backedUpImages: (
    repository: StandingRepository,
    digests: readonly Digest[],
  ) => Promise<ReadonlySet<Digest>>;
}

/**
 * Refuses to let stacks go while images would go with them that no backup holds. A repository that outlives its stack is in
 * no danger; that is for the template to say which the stack was deployed with, whatever is declared by now.
 *
 * @throws PipelineError IMAGES_NOT_BACKED_UP; whatever the registry throws
 */
export async function guardImages(
  environment: Environment,
  stacks: readonly string[],
  ports: GuardPorts,
): Promise<void> {
  const names = await inBatches(stacks, (stack) => ports.stacks.doomedRepositories(stack));
  const doomed = new Set(names.flat());
  if (doomed.size === 0) return;
  const standing = (await ports.registry.repositories()).filter(({ name }) => doomed.has(name));
  const lost = (await inBatches(standing, (each) => lostWith(each, ports))).filter(
    ({ images }) => images > 0,
  );
  if (lost.length === 0) return;
  const where = lost.map(({ name, images, of }) => `${name} (${images} of ${of})`).join(', ');
  throw new PipelineError(
    'IMAGES_NOT_BACKED_UP',
    `destroy would delete images that no backup holds: ${where}.\n` +
      `  Back them up:   nx run infra:backup -c ${environment} --images\n` +
      `  Or give them up: nx run infra:destroy -c ${environment} --force`,
  );
}

async function lostWith(repository: StandingRepository, { registry, backedUpImages }: GuardPorts) {
  const images = await registry.images(repository.name);
  const digests = images.map(({ digest }) => digest);
  const held = await backedUpImages(repository, digests);
  const lost = digests.filter((digest) => !held.has(digest));
  return { name: repository.name, images: lost.length, of: digests.length };
}
