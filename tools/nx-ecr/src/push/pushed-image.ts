import { isIndexMediaType, type Digest, type ImageManifest } from '@typerush/oci';
import { type BuiltImage, type BuiltPlatform } from '../built-image';
import { type Repository } from '../registry/repository';
import { type PushDecision } from './plan-push';
import { type Manifests } from './standing-tags';

interface Place {
  readonly repository: Repository;
  readonly manifests: Manifests;
  readonly decision: PushDecision;
}

/** The image with its tags, and with the digests and sizes that a Docker daemon does not know before it has pushed. */
export async function withRegistryFacts(
  image: BuiltImage,
  digest: Digest,
  { repository, manifests, decision }: Place,
): Promise<BuiltImage & { digest: Digest }> {
  const tags = decision.tags.map(({ tag }) => tag);
  const [only] = image.platforms;
  if (image.digest || !only) return { ...image, digest, tags };
  const { descriptor, bytes } = await manifests.getManifest(repository.path, digest);
  if (isIndexMediaType(descriptor.mediaType)) return { ...image, digest, tags };
  const manifest = JSON.parse(bytes.toString('utf8')) as ImageManifest;
  return { ...image, digest, tags, platforms: [compressed(only, digest, manifest)] };
}

function compressed(
  platform: BuiltPlatform,
  digest: Digest,
  manifest: ImageManifest,
): BuiltPlatform {
  return {
    ...platform,
    digest,
    layers: platform.layers.map((layer, index) => {
      const pushed = manifest.layers[index];
      return pushed ? { ...layer, digest: pushed.digest, size: pushed.size } : layer;
    }),
  };
}
