import { setTimeout as sleep } from 'node:timers/promises';
import { type Digest } from '../../digest';
import { type Descriptor, MEDIA_TYPE, parseManifest } from '../../manifest';
import { type RegistryClient } from '../registry-client';
import { RegistryError } from '../registry-error';

/**
 * An index under a tag made of the subject's digest, for registries without the referrers API;
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#referrers-tag-schema
 */
export function referrersTag(subject: Digest): string {
  return subject.replace(':', '-');
}

export async function readReferrersTag(
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
    `the tag "${tag}" should be an index of what refers to ${subject}, but it is another thing. Remove that tag.`,
    { host: client.host, repository },
  );
}

const ATTEMPTS = 5;
const LONGEST_PAUSE_MS = 200;

/** Writers of this process, one after another: by registry, repository and subject, the last one that waits. */
const turns = new Map<string, Promise<void>>();

export async function addToReferrersTag(
  client: RegistryClient,
  repository: string,
  subject: Digest,
  referrer: Descriptor,
): Promise<void> {
  const key = `${client.host}/${repository}@${subject}`;
  const before = turns.get(key) ?? Promise.resolve();
  const turn = before.then(() => add(client, repository, subject, referrer));
  const settled = turn.catch(() => undefined);
  turns.set(key, settled);
  await turn.finally(() => {
    if (turns.get(key) === settled) turns.delete(key);
  });
}

/** Writers elsewhere may each miss what the other wrote at that time: so it is read again, until it is in. */
async function add(
  client: RegistryClient,
  repository: string,
  subject: Digest,
  referrer: Descriptor,
): Promise<void> {
  for (let attempt = 0; attempt <= ATTEMPTS; attempt += 1) {
    const manifests = await readReferrersTag(client, repository, subject);
    if (manifests.some(({ digest }) => digest === referrer.digest)) return;
    if (attempt > 0) await sleep(Math.random() * LONGEST_PAUSE_MS);
    const mediaType = MEDIA_TYPE.ociIndex;
    const index = { schemaVersion: 2, mediaType, manifests: [...manifests, referrer] };
    const bytes = Buffer.from(JSON.stringify(index));
    await client.putManifest(repository, referrersTag(subject), mediaType, bytes);
  }
  throw new RegistryError(
    'UNEXPECTED',
    `the tag "${referrersTag(subject)}" is written by others all the time. Try again.`,
    { host: client.host, repository },
  );
}
