import {
  attachArtifact,
  type Descriptor,
  type Digest,
  listReferrers,
  type RegistryClient,
} from '@typerush/oci';

/** A referrer of an image: an attestation or its signature. */
export interface Attachment {
  readonly kind: 'sbom' | 'provenance' | 'signature';
  readonly artifactType: string;
  /** Distinguish it from others of its type: a referrer with these annotations is the same. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Called only if it is missing. */
  readonly content: () => Promise<Buffer>;
}

export interface AttachmentRecord extends Pick<Attachment, 'kind' | 'artifactType'> {
  /** Of its manifest. */
  readonly digest: Digest;
  readonly action: 'attached' | 'present';
}

/** A repository with an image. */
export interface AttachTarget {
  readonly client: RegistryClient;
  readonly repository: { readonly path: string };
}

/** Attaches what an image lacks. @param image A platform's image, or the index over several. @throws RegistryError */
export async function attachMissing(
  target: AttachTarget,
  image: Descriptor,
  attachments: readonly Attachment[],
): Promise<readonly AttachmentRecord[]> {
  const records: AttachmentRecord[] = [];
  for (const { attachment, referrer } of await findReferrers(target, image, attachments)) {
    const { kind, artifactType } = attachment;
    const { digest, action } = referrer
      ? { digest: referrer.digest, action: 'present' as const }
      : await attach(target, image, attachment);
    records.push({ kind, artifactType, digest, action });
  }
  return records;
}

/** The kinds of attachments that an image lacks. @throws RegistryError */
export async function findMissing(
  target: AttachTarget,
  image: Descriptor,
  attachments: readonly Attachment[],
): Promise<readonly Attachment['kind'][]> {
  const found = await findReferrers(target, image, attachments);
  return found.flatMap(({ attachment, referrer }) => (referrer ? [] : [attachment.kind]));
}

async function findReferrers(
  { client, repository }: AttachTarget,
  image: Descriptor,
  attachments: readonly Attachment[],
) {
  if (attachments.length === 0) return [];
  const referrers = await listReferrers(client, repository.path, image.digest);
  return attachments.map((attachment) => ({
    attachment,
    referrer: referrers.find((referrer) => isSame(referrer, attachment)),
  }));
}

const isSame = (referrer: Descriptor, { artifactType, annotations = {} }: Attachment) =>
  referrer.artifactType === artifactType &&
  Object.entries(annotations).every(([name, value]) => referrer.annotations?.[name] === value);

async function attach(
  target: AttachTarget,
  image: Descriptor,
  attachment: Attachment,
): Promise<Pick<AttachmentRecord, 'digest' | 'action'>> {
  const { artifactType, annotations, content } = attachment;
  const layers = [{ mediaType: artifactType, bytes: await content() }];
  // A push that began at the same time may have attached its own while this one created the content.
  const [found] = await findReferrers(target, image, [attachment]);
  if (found?.referrer) return { digest: found.referrer.digest, action: 'present' };
  const { client, repository } = target;
  const place = { client, repository: repository.path, subject: image };
  const { digest } = await attachArtifact({ ...place, artifactType, layers, annotations });
  return { digest, action: 'attached' };
}
