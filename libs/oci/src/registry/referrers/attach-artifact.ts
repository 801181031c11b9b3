import { digestOf } from '../../digest';
import { type Descriptor, MEDIA_TYPE } from '../../manifest';
import { RemoteRepository } from '../../content/remote-repository';
import { type RegistryClient } from '../registry-client';

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
 * request gives the same bytes.
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md#guidelines-for-artifact-usage
 * @throws RegistryError
 */
export async function attachArtifact(request: AttachArtifactRequest): Promise<Descriptor> {
  const { client, repository, layers } = request;
  const target = new RemoteRepository(client, repository);
  const { bytes, descriptor } = artifactManifest(request);
  await target.push(EMPTY_DESCRIPTOR, async () => EMPTY);
  for (const layer of layers) await target.push(describe(layer), async () => layer.bytes);
  await target.push(descriptor, async () => bytes);
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
