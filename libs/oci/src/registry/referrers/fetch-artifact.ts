import { type Digest } from '../../digest';
import { type Descriptor, type ImageManifest, parseManifest } from '../../manifest';
import { type RegistryClient } from '../registry-client';
import { RegistryError } from '../registry-error';
import { type ArtifactLayer } from './attach-artifact';

export interface FetchedArtifact {
  readonly descriptor: Descriptor;
  readonly manifest: ImageManifest;
  readonly layers: readonly ArtifactLayer[];
}

/** What is attached is read into memory: statements and lists, not images. */
const MOST_BYTES = 64 * 1024 * 1024;

/** An artifact with its content, all of it checked against its digests. @throws RegistryError */
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
  const manifest = { ...content, config, layers: described };
  if (manifest.layers.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES) {
    throw refuse(`is larger than the ${MOST_BYTES} bytes that an artifact may have here.`);
  }
  const layers: ArtifactLayer[] = [];
  for (const layer of manifest.layers) {
    const { mediaType, annotations } = layer;
    layers.push({ mediaType, annotations, bytes: await client.readBlob(repository, layer) });
  }
  return { descriptor, manifest, layers };
}
