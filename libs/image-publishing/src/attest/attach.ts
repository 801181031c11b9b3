import {
  attachArtifact,
  type Descriptor,
  type Digest,
  listReferrers,
  type RegistryClient,
} from '@typerush/oci';

/** Something about an image that stands beside it in the registry, as one of its referrers. */
export interface Attachment {
  readonly kind: 'sbom' | 'provenance' | 'signature';
  readonly artifactType: string;
  /** Tells it from others of its type: one that bears these annotations is the same. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Asked for only when it is missing. */
  readonly content: () => Promise<Buffer>;
}

export interface AttachedRecord {
  readonly kind: Attachment['kind'];
  readonly artifactType: string;
  /** Of its manifest. */
  readonly digest: Digest;
  readonly action: 'attached' | 'present';
}

export interface Subject {
  readonly client: RegistryClient;
  readonly repository: string;
  /** A platform's image, or the index over several. */
  readonly image: Descriptor;
}

/** Attaches what an image does not have yet. @throws RegistryError */
export async function attachMissing(
  { client, repository, image }: Subject,
  attachments: readonly Attachment[],
): Promise<readonly AttachedRecord[]> {
  if (attachments.length === 0) return [];
  const standing = await listReferrers(client, repository, image.digest);
  const records: AttachedRecord[] = [];
  for (const attachment of attachments) {
    const { kind, artifactType, annotations } = attachment;
    const found = standing.find((one) => isSame(one, attachment));
    if (found) {
      records.push({ kind, artifactType, digest: found.digest, action: 'present' });
      continue;
    }
    const layers = [{ mediaType: artifactType, bytes: await attachment.content() }];
    const subject = { client, repository, subject: image };
    const { digest } = await attachArtifact({ ...subject, artifactType, layers, annotations });
    records.push({ kind, artifactType, digest, action: 'attached' });
  }
  return records;
}

/** Which of them would be attached. @throws RegistryError */
export async function findMissing(
  { client, repository, image }: Subject,
  attachments: readonly Attachment[],
): Promise<readonly Attachment['kind'][]> {
  if (attachments.length === 0) return [];
  const standing = await listReferrers(client, repository, image.digest);
  const missing = attachments.filter((one) => !standing.some((other) => isSame(other, one)));
  return missing.map(({ kind }) => kind);
}

const isSame = (standing: Descriptor, { artifactType, annotations = {} }: Attachment) =>
  standing.artifactType === artifactType &&
  Object.entries(annotations).every(([name, value]) => standing.annotations?.[name] === value);
