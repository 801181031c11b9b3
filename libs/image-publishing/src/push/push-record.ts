import { type Commit, type Environment } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type BuiltImage, type EngineName } from '@typerush/pipeline-context';
import { type Budget } from '../budget/budget';
import { type DestinationPush, type PushedDestination } from './push-to-destinations';
import { type TagDecision } from './plan-push';

/** What became of an image in one repository. */
interface RepositoryRecord extends PushedDestination {
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
  /** Whether it is based on a stand-in for its base image. */
  readonly standIn: boolean;
  readonly commit: Commit;
  readonly budget: Budget;
  readonly destinations: readonly DestinationRecord[];
  /** ISO 8601 */
  readonly pushedAt: string;
}

export interface PushRecordInput {
  readonly environment: Environment;
  readonly commit: Commit;
  readonly budget: Budget;
  readonly time: Date;
}

export function recordOf(
  image: BuiltImage,
  pushes: readonly DestinationPush[],
  pushed: readonly PushedDestination[],
  { environment, commit, budget, time }: PushRecordInput,
): PushRecord {
  const records = pushes.map((push, index) => {
    const done = pushed[index];
    if (!done) throw new Error(`no result for ${push.destination.name}`);
    return inRepository(image, push, done);
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
      destination: pushes[index]?.destination.name ?? '',
      ...record,
    })),
    pushedAt: time.toISOString(),
  };
}

function inRepository(
  image: BuiltImage,
  { repository, decision }: DestinationPush,
  pushed: PushedDestination,
): RepositoryRecord {
  const { fixed, moving } = decision.set;
  return {
    repository: repository.name,
    repositoryUri: repository.uri,
    imageUri: `${repository.uri}@${image.digest}`,
    tags: decision.tags,
    unchanged:
      fixed.length + moving.length === 0 &&
      pushed.attachments.every(({ action }) => action === 'present'),
    ...pushed,
  };
}
