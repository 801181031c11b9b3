import { evaluateAccess, readPolicy } from '@typerush/image-registry';
import { EcrError } from '../errors/ecr-error';
import { scanOnPush } from './after-push';
import { imageReplicated } from './ecr-events';
import { createFromTemplate } from './create-from-template';
import { type ImageDraft, type ImageReplication, type StoredImage } from './images';
import { pushManifest } from './push-manifest';
import { readManifest } from './read-manifest';
import { type Registry, repositoryArn } from './registry';
import { parsePolicy } from './resource-policy';
import { layerBucket, type Repository } from './repository';

type Destination = Pick<ImageReplication, 'region' | 'registryId'>;

/** Copies images to the registries that the replication of their registry names, one after another, after their push. */
export interface Replication {
  /** A part of the push: notes in the draft where to the image and its tag are to be copied. */
  request(
    registry: Registry,
    name: string,
    draft: ImageDraft,
    pushed: { readonly digest: string; readonly tag: string | undefined },
  ): void;
  /** Copies an image to where it was requested. Does not wait. */
  start(registry: Registry, repository: Repository, image: StoredImage): void;
  /** Starts what the end of the process has interrupted. */
  resume(registries: readonly Registry[]): void;
  /** Ends what is running; what waits is done after the next start. */
  close(): Promise<void>;
}

export function createReplication(
  registryAt: (location: { account: string; region: string }) => Promise<Registry>,
): Replication {
  let queue: Promise<void> = Promise.resolve();
  let isClosing = false;
  const start: Replication['start'] = (registry, { id, name }, { digest, replications = [] }) => {
    for (const { registryId: account, region, status } of replications) {
      if (status !== 'IN_PROGRESS') continue;
      queue = queue
        .then(async () => {
          if (isClosing || registry.repositories.find(name)?.id !== id) return;
          const target = await registryAt({ account, region });
          await replicate(registry, target, { name, digest });
        })
        .catch(registry.onFailure);
    }
  };
  return {
    request: (registry, name, draft, { digest, tag }) => {
      for (const destination of destinationsOf(registry, name)) {
        changeReplication(draft, digest, destination, ({ waitingTags = [] }) => ({
          status: 'IN_PROGRESS',
          waitingTags: tag === undefined ? waitingTags : [...waitingTags, tag],
        }));
      }
    },
    start,
    resume: (registries) => {
      for (const registry of registries) {
        for (const repository of registry.repositories.list()) {
          for (const image of repository.images.values()) start(registry, repository, image);
        }
      }
    },
    close: () => {
      isClosing = true;
      return queue;
    },
  };
}

const isFor =
  (destination: Destination) =>
  ({ registryId, region }: Destination): boolean =>
    registryId === destination.registryId && region === destination.region;

function changeReplication(
  draft: ImageDraft,
  digest: string,
  { registryId, region }: Destination,
  change: (current: Partial<ImageReplication>) => Omit<ImageReplication, keyof Destination>,
): void {
  const image = draft.get(digest);
  if (!image) return;
  const destination = { registryId, region };
  const all = image.replications ?? [];
  const current = all.find(isFor(destination)) ?? {};
  const others = all.filter((each) => !isFor(destination)(each));
  draft.put({ ...image, replications: [...others, { ...destination, ...change(current) }] });
}

type Outcome = Pick<ImageReplication, 'status' | 'failureCode'>;

/** Its outcome is recorded last: what a kill interrupts is done again, and copying twice changes nothing. */
async function replicate(
  from: Registry,
  to: Registry,
  { name, digest }: { readonly name: string; readonly digest: string },
): Promise<void> {
  const { repositories } = from;
  const destination = { registryId: to.account, region: to.region };
  const images = repositories.get(name).images;
  const image = images.get(digest);
  const requested = image?.replications?.find(isFor(destination));
  if (!image || requested?.status !== 'IN_PROGRESS') return;
  const { waitingTags = [] } = requested;
  // A tag that is on another image by now is copied with that one.
  const tags = waitingTags.filter((tag) => images.tagged(tag) === image);
  const outcome = await copyWithTags(from, to, { name, image, tags });
  await repositories.changeImages(name, (draft) =>
    changeReplication(draft, digest, destination, ({ waitingTags: all = [] }) => {
      const left = all.filter((tag) => !waitingTags.includes(tag));
      return left.length > 0 ? { status: 'IN_PROGRESS', waitingTags: left } : outcome;
    }),
  );
}

async function copyWithTags(
  from: Registry,
  to: Registry,
  { name, image, tags }: ImageToCopy,
): Promise<Outcome> {
  const imageIds = tags.length > 0 ? tags.map((imageTag) => ({ imageTag })) : [{}];
  const report = (result: 'SUCCESS' | 'FAILED') => {
    for (const tag of imageIds) {
      const imageId = { imageDigest: image.digest, ...tag };
      to.publish(imageReplicated(from, to, name, result, imageId));
    }
  };
  try {
    if (!isAllowed(from, to, name)) {
      report('FAILED');
      return { status: 'FAILED', failureCode: 'AccessDenied' };
    }
    const attempt = () => copy(from, to, { name, image, tags });
    // A blob that an earlier attempt has left unreferenced may be collected before the manifest refers to it.
    await attempt().catch((error: unknown) =>
      isLayerMissing(error) ? attempt() : Promise.reject(error),
    );
    report('SUCCESS');
    return { status: 'COMPLETE' };
  } catch (error) {
    from.onFailure(error);
    report('FAILED');
    return { status: 'FAILED', failureCode: 'InternalError' };
  }
}

/** A rule without filters is for every repository. */
function destinationsOf({ configuration }: Registry, name: string): readonly Destination[] {
  const { rules } = configuration.get().replication;
  return rules
    .filter(
      ({ repositoryFilters }) =>
        !repositoryFilters?.length ||
        repositoryFilters.some(({ filter }) => name.startsWith(filter)),
    )
    .flatMap(({ destinations }) => destinations);
}

/**
 * Another account has to allow it in the policy of its registry, as well as the creation of a repository that is missing.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html
 */
function isAllowed(from: Registry, to: Registry, name: string): boolean {
  if (from.account === to.account) return true;
  const { policy } = to.configuration.get();
  if (policy === undefined) return false;
  const caller = {
    kind: 'user',
    account: from.account,
    arn: `arn:aws:iam::${from.account}:root`,
  } as const;
  const policies = { identity: [everything], resource: [parsePolicy('registry', policy)] };
  const context = new Map([
    ['aws:principalaccount', [from.account]],
    ['aws:principalarn', [caller.arn]],
  ]);
  const isMissing = !to.repositories.find(name);
  return ['ecr:ReplicateImage', ...(isMissing ? ['ecr:CreateRepository'] : [])].every(
    (action) =>
      evaluateAccess(
        { caller, action, resource: repositoryArn(to, name), resourceAccount: to.account, context },
        policies,
      ).allowed,
  );
}

/** ECR replicates with its own rights in the source account. */
const everything = readPolicy('identity', {
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
});

const isLayerMissing = (error: unknown) =>
  error instanceof EcrError && error.code === 'LayersNotFoundException';

interface ImageToCopy {
  readonly name: string;
  readonly image: StoredImage;
  readonly tags: readonly string[];
}

async function copy(from: Registry, to: Registry, { name, image, tags }: ImageToCopy) {
  const source = from.repositories.get(name);
  const bytes = await readManifest(from, source, image);
  if (!bytes) throw new Error(`${name}@${image.digest} was deleted before it was replicated`);
  if (!to.repositories.find(name)) await createFromTemplate(to, name, 'REPLICATION');
  const [fromBucket, toBucket] = [layerBucket(source), layerBucket(to.repositories.get(name))];
  for (const blob of image.blobs) {
    if (await to.blobs.stat(toBucket, blob)) continue;
    const upload = await to.uploads.begin(toBucket);
    try {
      await to.uploads.append(toBucket, upload, 0, await from.blobs.read(fromBucket, blob));
      await to.uploads.commit(toBucket, upload, blob);
    } catch (error) {
      await to.uploads.cancel(toBucket, upload);
      throw error;
    }
  }
  const push = { bytes, mediaType: image.mediaType, digest: image.digest, isReplica: true };
  for (const tag of tags.length > 0 ? tags : [undefined]) {
    await pushManifest(to, name, { ...push, ...(tag !== undefined && { tag }) });
  }
  await scanOnPush(to, name, image);
}
