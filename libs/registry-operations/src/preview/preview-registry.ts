import { type StoredImage } from '@typerush/image-registry';
import { MEDIA_TYPE } from '@typerush/oci';
import { sizedImage } from '../cost/sized-images';
import { type StandingImage, type StandingRegistry } from '../standing-registry';
import { type PolicyPreview, previewPolicy } from './preview-policy';
import { type PreviewedRepository } from './previewed-repositories';

/**
 * What policies would do to the images that stand in their repositories.
 *
 * @throws PipelineError also where the registry cannot be asked
 */
export async function previewRegistry(
  registry: StandingRegistry,
  repositories: readonly PreviewedRepository[],
  at: Date,
): Promise<PolicyPreview[]> {
  const previews: PolicyPreview[] = [];
  for (const repository of repositories) {
    previews.push(await previewRepository(registry, repository, at));
  }
  return previews;
}

async function previewRepository(
  registry: StandingRegistry,
  { name, policy, source }: PreviewedRepository,
  at: Date,
): Promise<PolicyPreview> {
  const images = await registry.images(name);
  const preview = previewPolicy(policy, source, images.map(stored), at);
  if (!mayActOnChild(preview, images)) return { ...preview, repository: name };
  const withChildren = await readChildren(registry, name, images);
  return { ...previewPolicy(policy, source, withChildren, at), repository: name };
}

/**
 * To read a list counts as a pull of it, so it is done only where it may change the answer: where an untagged image would
 * go, and a list is there to keep it.
 */
function mayActOnChild({ verdicts }: PolicyPreview, images: readonly StandingImage[]): boolean {
  return verdicts.some(({ image }) => image.tags.length === 0) && images.some(isReadableList);
}

async function readChildren(
  registry: StandingRegistry,
  repository: string,
  images: readonly StandingImage[],
): Promise<StoredImage[]> {
  const lists = images.filter(isReadableList).map(({ digest }) => digest);
  const manifests = await registry.manifests(repository, lists);
  return images.map((image) => sizedImage(image, manifests.get(image.digest)));
}

/** An archived list cannot be read. */
const isReadableList = ({ mediaType, storageClass }: StandingImage) =>
  storageClass === 'standard' &&
  (mediaType === MEDIA_TYPE.ociIndex || mediaType === MEDIA_TYPE.dockerList);

const stored = (image: StandingImage): StoredImage => ({
  ...image,
  transitionedAt: image.archivedAt,
});
