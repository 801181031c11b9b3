import { setTimeout as sleep } from 'node:timers/promises';
import { type Digest } from '../digest';
import { type Descriptor, MEDIA_TYPE, parseManifest } from '../manifest';
import { type RegistryClient } from './registry-client';
import { RegistryError } from './registry-error';

/**
 * The referrers of a manifest, of one artifact type or of all; empty if the manifest or the repository does not exist.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers
 * @throws RegistryError
 */
export async function listReferrers(
  client: RegistryClient,
  repository: string,
  digest: Digest,
  artifactType?: string,
): Promise<readonly Descriptor[]> {
  const referrers =
    (await client.getReferrers(repository, digest, artifactType)) ??
    (await readReferrersTag(client, repository, digest));
  return referrers.filter((one) => artifactType === undefined || one.artifactType === artifactType);
}

/**
 * The tag of an index of referrers, for registries without the referrers API;
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#referrers-tag-schema
 */
function referrersTag(subject: Digest): string {
  return subject.replace(':', '-');
}

async function readReferrersTag(
  client: RegistryClient,
  repository: string,
  subject: Digest,
): Promise<readonly Descriptor[]> {
  const tag = referrersTag(subject);
  if (!(await client.headManifest(repository, tag))) return [];
  const { bytes } = await client.getManifest(repository, tag);
  const index = parseManifest(bytes)?.content.manifests;
  if (index) return index;
  throw new RegistryError(
    'UNEXPECTED',
    `the tag "${tag}" does not point to an index of the referrers of ${subject}. Remove that tag.`,
    { host: client.host, repository },
  );
}

const ATTEMPTS = 5;
const MAX_PAUSE_MS = 200;

/** The last pending write of this process, by registry, repository and subject: writes of one tag run in sequence. */
const pending = new Map<string, Promise<void>>();

export async function addToReferrersTag(
  client: RegistryClient,
  repository: string,
  subject: Digest,
  referrer: Descriptor,
): Promise<void> {
  const key = `${client.host}/${repository}@${subject}`;
  const before = pending.get(key) ?? Promise.resolve();
  const write = before.then(() => add(client, repository, subject, referrer));
  const settled = write.catch(() => undefined);
  pending.set(key, settled);
  await write.finally(() => {
    if (pending.get(key) === settled) pending.delete(key);
  });
}

/** Other processes may overwrite the tag at the same time: it is read again until the referrer is in it. */
async function add(
  client: RegistryClient,
  repository: string,
  subject: Digest,
  referrer: Descriptor,
): Promise<void> {
  for (let attempt = 0; attempt <= ATTEMPTS; attempt += 1) {
    const manifests = await readReferrersTag(client, repository, subject);
    if (manifests.some(({ digest }) => digest === referrer.digest)) return;
    if (attempt > 0) await sleep(Math.random() * MAX_PAUSE_MS);
    const mediaType = MEDIA_TYPE.ociIndex;
    const index = { schemaVersion: 2, mediaType, manifests: [...manifests, referrer] };
    const bytes = Buffer.from(JSON.stringify(index));
    await client.putManifest(repository, referrersTag(subject), mediaType, bytes);
  }
  throw new RegistryError(
    'UNEXPECTED',
    `other clients keep overwriting the tag "${referrersTag(subject)}". Retry.`,
    { host: client.host, repository },
  );
}
