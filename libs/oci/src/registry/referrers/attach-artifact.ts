import { digestOf } from '../../digest';
import { type Descriptor, MEDIA_TYPE } from '../../manifest';
import { type RegistryClient } from '../registry-client';
import { addToFallback } from './fallback-tag';

export interface ArtifactLayer {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface AttachArtifactRequest {
  readonly client: RegistryClient;
  readonly repository: string;
  /** What the artifact is about; it need not stand yet. */
  readonly subject: Descriptor;
  readonly artifactType: string;
  /** One at least. */
  readonly layers: readonly ArtifactLayer[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md#guidance-for-an-empty-descriptor */
const EMPTY = Buffer.from('{}');
const EMPTY_DESCRIPTOR = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  digest: digestOf(EMPTY),
  size: EMPTY.length,
};

/**
 * Puts an artifact beside an image, so that it is found among the image's referrers: what stands is not sent again. The same
 * request gives the same bytes. A registry without the referrers API gets the tag that the specification has for that case.
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md#guidelines-for-artifact-usage
 * @throws RegistryError
 */
export async function attachArtifact(request: AttachArtifactRequest): Promise<Descriptor> {
  const { client, repository, subject, artifactType } = request;
  const { bytes, descriptor } = artifactManifest(request);
  await client.uploadBlob(repository, EMPTY_DESCRIPTOR, EMPTY);
  for (const layer of request.layers) {
    await client.uploadBlob(repository, describe(layer), layer.bytes);
  }
  const { digest, mediaType } = descriptor;
  const { listed } = await client.putReferrer(repository, digest, mediaType, bytes);
  const served =
    listed || (await client.getReferrers(repository, subject.digest, artifactType)) !== undefined;
  if (!served) await addToFallback(client, repository, subject.digest, descriptor);
  return descriptor;
}

function artifactManifest({ subject, artifactType, layers, annotations }: AttachArtifactRequest) {
  const mediaType = MEDIA_TYPE.ociManifest;
  const sorted = annotations && inOrder(annotations);
  const manifest = {
    schemaVersion: 2,
    mediaType,
    artifactType,
    config: EMPTY_DESCRIPTOR,
    layers: layers.map(describe),
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    ...(sorted && { annotations: sorted }),
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const descriptor: Descriptor = {
    mediaType,
    digest: digestOf(bytes),
    size: bytes.length,
    artifactType,
    ...(sorted && { annotations: sorted }),
  };
  return { bytes, descriptor };
}

function describe({ mediaType, bytes, annotations }: ArtifactLayer): Descriptor {
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
  return annotations ? { ...descriptor, annotations: inOrder(annotations) } : descriptor;
}

function inOrder(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
