import { type Commit, type Environment } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type BuiltImage, type EngineName } from '@typerush/pipeline-context';
import { type Budget } from '../budget/budget';
import { type Delivered, type Delivery } from './deliver';
import { type TagDecision } from './plan-push';

/** What became of an image in one repository. */
interface RepositoryRecord extends Delivered {
  readonly repository: string;
  readonly repositoryUri: string;
  /** `<repositoryUri>@<digest>`: this image, whatever happens to its tags. */
  readonly imageUri: string;
  readonly tags: readonly TagDecision[];
  /** The registry held the image, all its tags and what is attached: nothing was done. */
  readonly unchanged: boolean;
}

export interface DestinationRecord extends RepositoryRecord {
  /** The region, or the registry with its folder. */
  readonly destination: string;
}

/** `push.json`, and what `--json` prints. What a destination has of its own is at the top that of the first one. */
export interface PushRecord extends RepositoryRecord {
  readonly service: string;
  readonly environment: Environment;
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
  readonly platforms: readonly { readonly platform: string; readonly digest: Digest }[];
  readonly engine: EngineName;
  /** Whether it stands on a stand-in for its base image. */
  readonly standIn: boolean;
  readonly commit: Commit;
  readonly budget: Budget;
  readonly destinations: readonly DestinationRecord[];
  /** ISO 8601 */
  readonly pushedAt: string;
}

export interface PushFacts {
  readonly environment: Environment;
  readonly commit: Commit;
  readonly budget: Budget;
  readonly time: Date;
}

export function recordOf(
  image: BuiltImage,
  deliveries: readonly Delivery[],
  delivered: readonly Delivered[],
  { environment, commit, budget, time }: PushFacts,
): PushRecord {
  const records = deliveries.map((delivery, index) => {
    const done = delivered[index];
    if (!done) throw new Error(`nothing is known of ${delivery.destination.name}`);
    return inRepository(image, delivery, done);
  });
  const [first] = records;
  if (!first) throw new Error('a push has a destination');
  return {
    service: image.service,
    environment,
    ...first,
    digest: image.digest,
    platforms: image.platforms.map(({ platform, digest }) => ({ platform, digest })),
    engine: image.engine,
    standIn: image.base.standIn,
    commit,
    budget,
    destinations: records.map((record, index) => ({
      destination: deliveries[index]?.destination.name ?? '',
      ...record,
    })),
    pushedAt: time.toISOString(),
  };
}

function inRepository(
  image: BuiltImage,
  { repository, decision }: Delivery,
  delivered: Delivered,
): RepositoryRecord {
  const { fixed, moving } = decision.set;
  return {
    repository: repository.name,
    repositoryUri: repository.uri,
    imageUri: `${repository.uri}@${image.digest}`,
    tags: decision.tags,
    unchanged:
      fixed.length + moving.length === 0 &&
      delivered.attachments.every(({ action }) => action === 'present'),
    ...delivered,
  };
}
