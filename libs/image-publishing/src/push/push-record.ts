import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { type ImageDifference } from '@typerush/image-comparison';
import { type Commit, type Environment } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type BuiltImage, type EngineName, writeJson, writeText } from '@typerush/pipeline-context';
import { type Budget } from '../budget/budget';
import { type PushFindings } from './push-findings';
import { type PlannedTag } from './push-plan';
import { type DestinationPush } from './destinations';
import { type PushedDestination } from './push-to-destinations';

/** The outcome of a push in one repository. */
interface RepositoryRecord extends PushedDestination {
  readonly repository: string;
  readonly repositoryUri: string;
  /** `<repositoryUri>@<digest>`: this image, whatever happens to its tags. */
  readonly imageUri: string;
  readonly tags: readonly PlannedTag[];
  /** The image, all its tags and attachments were present: nothing was done. */
  readonly unchanged: boolean;
}

export interface DestinationRecord extends RepositoryRecord {
  /** The region, or the registry with its folder. */
  readonly destination: string;
}

/** `push.json`, and the output of `--json`. The fields of a repository at the top are those of the first destination. */
export interface PushRecord extends RepositoryRecord {
  readonly service: string;
  readonly environment: Environment;
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
  readonly platforms: readonly { readonly platform: string; readonly digest: Digest }[];
  readonly engine: EngineName;
  /** Whether the image is based on a stand-in base image. */
  readonly standIn: boolean;
  readonly commit: Commit;
  readonly budget: Budget;
  /** From the image that the environment's moving tag pointed to before; null if there was none, or it cannot be read. */
  readonly difference: ImageDifference | null;
  readonly findings: PushFindings;
  /** The web page of the CI run; null if there is none. */
  readonly run: string | null;
  readonly destinations: readonly DestinationRecord[];
  /** ISO 8601 */
  readonly pushedAt: string;
}

export interface PushRecordInput {
  readonly image: BuiltImage;
  readonly pushes: readonly DestinationPush[];
  /** Of each push. */
  readonly pushed: readonly PushedDestination[];
  readonly environment: Environment;
  readonly commit: Commit;
  readonly budget: Budget;
  readonly difference: ImageDifference | null;
  readonly findings: PushFindings;
  readonly run: string | undefined;
  readonly time: Date;
}

export function recordOf(input: PushRecordInput): PushRecord {
  const { image, pushes, pushed, environment, commit, time } = input;
  const records = pushes.flatMap((push, index) => {
    const outcome = pushed[index];
    return outcome ? [inRepository(image, push, outcome)] : [];
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
    budget: input.budget,
    difference: input.difference,
    findings: input.findings,
    run: input.run ?? null,
    destinations: records.map((record, index) => ({
      destination: pushes[index]?.destination.name ?? '',
      ...record,
    })),
    pushedAt: time.toISOString(),
  };
}

function inRepository(
  { digest }: BuiltImage,
  { repository, plan }: DestinationPush,
  pushed: PushedDestination,
): RepositoryRecord {
  const { fixed, moving } = plan.set;
  return {
    repository: repository.name,
    repositoryUri: repository.uri,
    imageUri: `${repository.uri}@${digest}`,
    tags: plan.tags,
    unchanged:
      fixed.length + moving.length === 0 &&
      pushed.attachments.every(({ action }) => action === 'present'),
    ...pushed,
  };
}

/**
 * Writes `push.json`, the files that the ECS actions of AWS CodePipeline read, and a summary for people.
 * @param stepSummary A file of the CI system that the summary is added to.
 */
export async function writePushFiles(
  outDir: string,
  record: PushRecord,
  summary: { readonly markdown: string; readonly html: string },
  stepSummary?: string,
): Promise<void> {
  const file = (name: string) => path.join(outDir, name);
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
  const definitions = [{ name: record.service, imageUri: record.imageUri }];
  await writeJson(file('imagedefinitions.json'), definitions);
  await writeJson(file('imageDetail.json'), { ImageURI: record.imageUri });
  await writeText(file('summary.md'), summary.markdown);
  await writeText(file('summary.html'), summary.html);
  // Last: if it exists, the others are of the same push.
  await writeJson(file('push.json'), record);
  if (stepSummary) await appendFile(stepSummary, `${summary.markdown}\n`);
}
