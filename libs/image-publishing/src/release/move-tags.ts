import { type Digest, type Manifest, RegistryError } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import {
  type DestinationPush,
  forEachDestination,
  observedTarget,
  type OpenDestination,
  targetOf,
} from '../push/destinations';
import { type RepeatableCommand } from '../push/push-failure';
import { type DestinationServices } from '../push/push-to-destinations';

/**
 * Points the moving tags of a plan to an image, at all destinations. Registries have no compare-and-swap: a tag is read right
 * before and right after it is set, so of two commands at the same time at least one notices the other.
 * @throws PipelineError that reports where the tags point to now
 */
export async function moveTags(
  pushes: readonly DestinationPush[],
  manifest: Manifest,
  { progress }: Pick<DestinationServices, 'progress'>,
  command: RepeatableCommand,
): Promise<void> {
  const state = () => describeTags(pushes);
  const move = async (push: DestinationPush) => {
    const target = observedTarget(push, progress);
    const wanted = manifest.descriptor.digest;
    const digestOf = async (tag: string) => (await target.resolve(tag))?.digest;
    for (const tag of push.plan.set.moving) {
      const before = await digestOf(tag);
      if (before === wanted) continue;
      if (before !== push.existing.get(tag)) throw movedByAnother(push, tag, before);
      await target.tag(manifest, tag);
      const after = await digestOf(tag);
      if (after !== wanted) throw movedByAnother(push, tag, after);
    }
  };
  await forEachDestination(pushes, state, move, command);
}

/** What happens at a destination, for the JSON of a promotion or rollback. */
export const destinationData = (
  { destination, repository, plan, existing }: DestinationPush,
  digest: Digest,
  unchanged: boolean,
) => ({
  destination: destination.name,
  repository: repository.name,
  repositoryUri: repository.uri,
  imageUri: `${repository.uri}@${digest}`,
  unchanged,
  tags: plan.tags.map((planned) => ({ ...planned, previous: existing.get(planned.tag) ?? null })),
});

/** Where the moving tags of a plan point to now: a line for each. */
export async function describeTags(pushes: readonly DestinationPush[]): Promise<string> {
  const lines = pushes.flatMap((push) =>
    push.plan.tags
      .filter(({ moving }) => moving)
      .map(async ({ tag }) => `Now ${push.repository.uri}:${tag} ${await pointsTo(push, tag)}.`),
  );
  return (await Promise.all(lines)).join('\n');
}

async function pointsTo(opened: OpenDestination, tag: string): Promise<string> {
  try {
    return statePhrase((await targetOf(opened).resolve(tag))?.digest);
  } catch (error) {
    if (!(error instanceof RegistryError) && !(error instanceof PipelineError)) throw error;
    return `cannot be looked up (${error.code}): it points to the old or to the new image`;
  }
}

export const statePhrase = (digest: Digest | undefined): string =>
  digest ? `points to ${digest}` : 'does not exist';

const movedByAnother = ({ repository }: OpenDestination, tag: string, digest: Digest | undefined) =>
  new PipelineError(
    'TAG_MOVED',
    `Another command changed ${repository.uri}:${tag} at the same time: it ${statePhrase(digest)}.\n` +
      'Fix: decide which image has to run.',
  );
