import { type LayerToScan } from '../scanning/scanner';
import { type StoredImage } from './images';
import { readManifest } from './read-manifest';
import { type Registry } from './registry';
import { layerBucket, type Repository } from './repository';

const imageConfigs = [
  'application/vnd.docker.container.image.v1+json',
  'application/vnd.oci.image.config.v1+json',
];

/** Whether it is an image of a platform: neither an index nor an artifact, such as a signature. */
export const canBeScanned = ({ artifactType, children }: StoredImage): boolean =>
  children.length === 0 && artifactType !== undefined && imageConfigs.includes(artifactType);

interface LayerDescriptor {
  readonly digest: string;
  readonly mediaType?: string;
}

/** The layers of an image, from its manifest, which was checked when it was pushed. */
export async function imageLayers(
  registry: Registry,
  repository: Repository,
  image: StoredImage,
): Promise<readonly LayerToScan[]> {
  const bytes = await readManifest(registry, repository, image);
  const { layers } = JSON.parse(bytes?.toString() ?? '{}') as { layers?: LayerDescriptor[] | null };
  const bucket = layerBucket(repository);
  // Others are elsewhere, at the addresses in their descriptors.
  const held = (layers ?? []).filter(({ digest }) => image.blobs.includes(digest));
  return held.map(({ digest, mediaType = '' }) => ({
    digest,
    mediaType,
    open: async () => {
      if (await registry.blobs.stat(bucket, digest)) return registry.blobs.read(bucket, digest);
      throw new Error(`the layer ${digest} is missing or damaged`);
    },
  }));
}
