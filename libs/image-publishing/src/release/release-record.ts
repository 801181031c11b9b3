import { deployedTag, type Environment, environmentSchema } from '@typerush/image-registry';
import {
  attachArtifact,
  type Descriptor,
  type Digest,
  listReferrers,
  type RegistryClient,
} from '@typerush/oci';
import * as z from 'zod';
import { type DestinationPush } from '../push/destinations';
import { isExpected } from '../push/push-failure';

/** Of the artifacts that record when an image became the current one of an environment. */
const artifactType = 'application/vnd.typerush.release.v1+json';

const annotation = {
  environment: 'dev.typerush.release.environment',
  kind: 'dev.typerush.release.kind',
  previous: 'dev.typerush.release.previous',
  // https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md#pre-defined-annotation-keys
  time: 'org.opencontainers.image.created',
} as const;

/** That an image became the current one of an environment. ECR records when an image was pushed, not when a tag moved. */
export interface ReleaseRecord {
  readonly environment: Environment;
  readonly kind: 'promote' | 'rollback';
  readonly at: Date;
  /** The image that was current before. */
  readonly previous?: string;
}

const recordSchema = z.looseObject({
  [annotation.environment]: environmentSchema,
  [annotation.kind]: z.enum(['promote', 'rollback']),
  [annotation.time]: z.iso.datetime(),
  [annotation.previous]: z.string().optional(),
});

interface ReleasedImage {
  readonly client: RegistryClient;
  /** In the registry protocol. */
  readonly repository: string;
}

/** @throws RegistryError */
async function attachRelease(
  place: ReleasedImage,
  subject: Descriptor,
  { environment, kind, at, previous }: ReleaseRecord,
): Promise<void> {
  const annotations = {
    [annotation.environment]: environment,
    [annotation.kind]: kind,
    [annotation.time]: at.toISOString(),
    ...(previous && { [annotation.previous]: previous }),
  };
  // Its facts are annotations, which a registry lists: nothing has to be fetched to read them.
  const layers = [{ mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') }];
  await attachArtifact({ ...place, subject, artifactType, layers, annotations });
}

interface Recording {
  /** The image that was current before at a destination. */
  readonly previous: (push: DestinationPush) => Digest | undefined;
  /** The tags are moved by now: a failure is only noted. */
  readonly onFailure: (reason: string) => void;
}

/** Records a release at every destination whose tag was moved. */
export async function recordReleases(
  pushes: readonly DestinationPush[],
  image: Descriptor,
  release: Omit<ReleaseRecord, 'previous'>,
  { previous, onFailure }: Recording,
): Promise<void> {
  const tag = deployedTag(release.environment);
  for (const push of pushes.filter(({ plan }) => plan.set.moving.includes(tag))) {
    const place = { client: push.client, repository: push.repository.path };
    const record = { ...release, previous: previous(push) };
    await attachRelease(place, image, record).catch((error: unknown) => {
      if (!isExpected(error)) throw error;
      onFailure(error.message);
    });
  }
}

/** The releases of an image in an environment, oldest first. Records of others are ignored. @throws RegistryError */
export async function readReleases(
  { client, repository }: ReleasedImage,
  digest: Digest,
  environment: Environment,
): Promise<readonly ReleaseRecord[]> {
  const referrers = await listReferrers(client, repository, digest, artifactType);
  return referrers
    .flatMap(({ annotations }): ReleaseRecord[] => {
      const parsed = recordSchema.safeParse(annotations);
      if (!parsed.success || parsed.data[annotation.environment] !== environment) return [];
      const {
        [annotation.kind]: kind,
        [annotation.time]: time,
        [annotation.previous]: previous,
      } = parsed.data;
      return [{ environment, kind, at: new Date(time), ...(previous && { previous }) }];
    })
    .sort((one, other) => one.at.getTime() - other.at.getTime());
}
