import { randomUUID } from 'node:crypto';
import { evaluateAccess, readPolicy } from '@typerush/image-registry';
import { scanOnPush } from './after-push';
import { imageReplicated } from './ecr-events';
import { pushManifest, type PushedManifest } from './push-manifest';
import { readManifest } from './read-manifest';
import { homeOf, type Registry, repositoryArn } from './registry';
import { parsePolicy } from './resource-policy';
import { Images } from './images';
import { layerBucket, type Repository } from './repository';

export interface ReplicationStatus {
  readonly region: string;
  readonly registryId: string;
  readonly status: 'IN_PROGRESS' | 'COMPLETE' | 'FAILED';
  readonly failureCode?: string;
}

type Destination = Pick<ReplicationStatus, 'region' | 'registryId'>;

/** Copies images to the registries that the replication of their registry names, one after another, after their push. */
export interface Replication {
  /** Does not wait. What was replicated here is not replicated on, as in ECR. */
  start(registry: Registry, name: string, pushed: PushedManifest, tag: string | undefined): void;
  /** Of this process: they are not stored. */
  statusOf(repository: Repository, digest: string): readonly ReplicationStatus[];
  /** Resolves when everything that was started has ended. */
  finished(): Promise<void>;
}

export function createReplication(
  registryAt: (location: { account: string; region: string }) => Promise<Registry>,
): Replication {
  const statuses = new Map<string, Map<string, ReplicationStatus>>();
  let queue: Promise<void> = Promise.resolve();
  const record = (key: string, status: ReplicationStatus) => {
    const of = statuses.get(key) ?? new Map<string, ReplicationStatus>();
    statuses.set(key, of.set(`${status.registryId}/${status.region}`, status));
  };
  return {
    start: (registry, name, { image, outcome }, tag) => {
      if (outcome === 'unchanged') return;
      const repository = registry.repositories.get(name);
      const key = `${repository.id} ${image.digest}`;
      for (const destination of destinationsOf(registry, name)) {
        record(key, { ...destination, status: 'IN_PROGRESS' });
        queue = queue.then(async () => {
          const { registryId: account, region } = destination;
          const target = await registryAt({ account, region });
          const imageId = {
            imageDigest: image.digest,
            ...(tag !== undefined && { imageTag: tag }),
          };
          const report = (result: 'SUCCESS' | 'FAILED') =>
            target.publish(imageReplicated(registry, target, name, result, imageId));
          try {
            if (!isAllowed(registry, target, name)) {
              record(key, { ...destination, status: 'FAILED', failureCode: 'AccessDenied' });
              return report('FAILED');
            }
            const copied = await copy(registry, target, { name, digest: image.digest, tag });
            record(key, { ...destination, status: 'COMPLETE' });
            report('SUCCESS');
            if (copied.outcome === 'created') await scanOnPush(target, name, copied.image);
          } catch {
            record(key, { ...destination, status: 'FAILED', failureCode: 'InternalError' });
            report('FAILED');
          }
        });
      }
    },
    statusOf: ({ id }, digest) => [...(statuses.get(`${id} ${digest}`)?.values() ?? [])],
    finished: () => queue,
  };
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

interface ImageToCopy {
  readonly name: string;
  readonly digest: string;
  readonly tag: string | undefined;
}

async function copy(from: Registry, to: Registry, { name, digest, tag }: ImageToCopy) {
  const source = from.repositories.get(name);
  const image = source.images.get(digest);
  const bytes = image && (await readManifest(from, source, image));
  if (!image || !bytes) throw new Error(`${name}@${digest} was deleted before it was replicated`);
  if (!to.repositories.find(name)) await to.repositories.create(emptyRepository(to, source));
  const [fromBucket, toBucket] = [layerBucket(source), layerBucket(to.repositories.get(name))];
  for (const blob of image.blobs) {
    if (await to.blobs.stat(toBucket, blob)) continue;
    const upload = await to.uploads.begin(toBucket);
    await to.uploads.append(toBucket, upload, 0, await from.blobs.read(fromBucket, blob));
    await to.uploads.commit(toBucket, upload, blob);
  }
  return pushManifest(to, name, { bytes, mediaType: image.mediaType, tag, digest });
}

/** With ECR's defaults: settings are not replicated. */
const emptyRepository = (to: Registry, { name }: Repository): Repository => ({
  id: randomUUID(),
  name,
  home: homeOf(to),
  createdAt: to.clock().toISOString(),
  imageTagMutability: 'MUTABLE',
  scanOnPush: false,
  encryption: { encryptionType: 'AES256' },
  resourceTags: [],
  images: new Images(),
});
