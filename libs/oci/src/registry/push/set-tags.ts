import { type Digest } from '../../digest';
import { type FetchedManifest, type RegistryClient } from '../registry-client';
import { RegistryError } from '../registry-error';
import { type PushedTag, type PushListener } from './push-event';

export interface SetTagsRequest {
  readonly client: RegistryClient;
  readonly repository: string;
  /** All that it refers to stands in the repository. */
  readonly manifest: FetchedManifest;
  readonly tags: readonly string[];
  readonly onProgress?: PushListener;
}

interface TagPlan extends PushedTag {
  readonly standing?: Digest;
}

/**
 * Points tags to a manifest, those first that stand elsewhere and so may be refused: then no other tag has changed.
 * In the order given.
 * @throws RegistryError `TAG_INVALID` when the registry does not let a tag move
 */
export async function setTags(request: SetTagsRequest): Promise<readonly PushedTag[]> {
  const plan = await planTags(request);
  const moved = plan.filter(({ action }) => action === 'moved');
  const created = plan.filter(({ action }) => action === 'created');
  for (const tag of [...moved, ...created]) await putTag(request, tag);
  const done = plan.map(({ tag, action }) => ({ tag, action }));
  for (const tag of done) request.onProgress?.({ kind: 'tag', ...tag });
  return done;
}

function planTags({ client, repository, manifest, tags }: SetTagsRequest): Promise<TagPlan[]> {
  const { digest } = manifest.descriptor;
  return Promise.all(
    [...new Set(tags)].map(async (tag): Promise<TagPlan> => {
      const standing = (await client.headManifest(repository, tag))?.digest;
      if (standing === undefined) return { tag, action: 'created' };
      return { tag, action: standing === digest ? 'unchanged' : 'moved', standing };
    }),
  );
}

async function putTag(
  { client, repository, manifest }: SetTagsRequest,
  { tag }: TagPlan,
): Promise<void> {
  const { descriptor, bytes } = manifest;
  try {
    await client.putManifest(repository, tag, descriptor.mediaType, bytes);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'TAG_INVALID') throw error;
    const standing = (await client.headManifest(repository, tag))?.digest;
    // Refused, perhaps because an attempt whose answer was lost has set it.
    if (standing === descriptor.digest) return;
    throw standing ? cannotMove(error, tag, standing, descriptor.digest) : error;
  }
}

function cannotMove(cause: RegistryError, tag: string, from: Digest, to: Digest): RegistryError {
  const problem =
    `the tag "${tag}" is on ${from} and the repository does not let it move to ${to}. ` +
    'Push this image under a new tag; where this one has to move, make it an exception of the immutable ones.';
  return new RegistryError('TAG_INVALID', problem, cause, { cause });
}
