import { buffer } from 'node:stream/consumers';
import { RemoteRepository } from '../content/remote-repository';
import { type Digest, digestOf } from '../digest';
import { type Descriptor, type ImageManifest, MEDIA_TYPE, parseManifest } from '../manifest';
import { type RegistryClient } from './registry-client';
import { RegistryError } from './registry-error';

export interface ArtifactLayer {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface AttachArtifactRequest {
  readonly client: RegistryClient;
  readonly repository: string;
  /** The manifest that the artifact refers to; it need not exist yet. */
  readonly subject: Descriptor;
  readonly artifactType: string;
  /** At least one. */
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
 * Pushes an artifact as a referrer of an image. Content that is present is not uploaded again; the same request gives the same
 * bytes.
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
  const sorted = annotations && { annotations: sortedByKey(annotations) };
  const manifest = {
    schemaVersion: 2,
    mediaType,
    artifactType,
    config: EMPTY_DESCRIPTOR,
    layers: layers.map(describe),
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    ...sorted,
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(bytes);
  const descriptor: Descriptor = {
    mediaType,
    digest,
    size: bytes.length,
    artifactType,
    ...sorted,
  };
  return { bytes, descriptor };
}

function describe({ mediaType, bytes, annotations }: ArtifactLayer): Descriptor {
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
  return annotations ? { ...descriptor, annotations: sortedByKey(annotations) } : descriptor;
}

function sortedByKey(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export interface FetchedArtifact {
  readonly descriptor: Descriptor;
  readonly manifest: ImageManifest;
  readonly layers: readonly ArtifactLayer[];
}

/** Artifacts are read into memory: attestations and SBOMs, not images. */
const MAX_BYTES = 64 * 1024 * 1024;

/** An artifact and its content, verified against their digests. @throws RegistryError */
export async function fetchArtifact(
  client: RegistryClient,
  repository: string,
  digest: Digest,
): Promise<FetchedArtifact> {
  const { bytes, descriptor } = await client.getManifest(repository, digest);
  const { content } = parseManifest(bytes) ?? {};
  const refuse = (problem: string) =>
    new RegistryError('UNEXPECTED', `${digest} ${problem}`, { host: client.host, repository });
  const { config, layers: described } = content ?? {};
  if (!config || !described) throw refuse('is not an artifact.');
  if (described.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES) {
    throw refuse(`is larger than the limit of ${MAX_BYTES} bytes for an artifact.`);
  }
  const layers: ArtifactLayer[] = [];
  for (const layer of described) {
    const { mediaType, annotations } = layer;
    const read = async () => buffer(await client.getBlob(repository, layer));
    layers.push({ mediaType, annotations, bytes: await client.withRetries(read) });
  }
  return { descriptor, manifest: { ...content, config, layers: described }, layers };
}
