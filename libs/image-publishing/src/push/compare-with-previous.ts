import { compareImages, type ImageDifference, type ImagePlace } from '@typerush/image-comparison';
import { type Digest, RemoteRepository } from '@typerush/oci';
import { type Bundle } from '@typerush/service-bundle';
import { type ProgressReporter } from '@typerush/terminal-output';
import { largestPlatform } from '../budget/budget';
import { type DestinationPush } from './destinations';
import { isExpected } from './push-failure';
import { type PushContent } from './push-to-destinations';

type ImageContent = Pick<PushContent, 'image' | 'layout'>;
type Previous = Pick<DestinationPush, 'client' | 'repository' | 'existing'>;

interface Comparing {
  readonly project: string;
  /** The tag that the environment is deployed from: it points to the previous image. */
  readonly tag: string;
  /** Whether the push looked up what it points to. */
  readonly isPlanned: boolean;
  /** Where the previous image may be. */
  readonly push: Previous | undefined;
  readonly platforms: Parameters<typeof largestPlatform>[0]['platforms'];
  readonly bundle: () => Promise<Bundle | undefined>;
  readonly reporter: ProgressReporter;
}

/**
 * Compares an image with the one that the environment's moving tag points to, without reading layers.
 * @returns null if there is none, or it cannot be read: that does not prevent a push
 */
export async function compareWithPrevious(
  content: ImageContent,
  comparing: Comparing,
): Promise<ImageDifference | null> {
  const { project, tag, isPlanned, push, reporter } = comparing;
  if (!push) return null;
  try {
    const digest = isPlanned ? push.existing.get(tag) : await lookUp(push, tag);
    if (!digest) return null;
    return await compareImages(await placesOf(content, digest, comparing), {
      platform: largestPlatform(comparing).platform,
      files: false,
      // The new image is not scanned yet.
      findings: () => Promise.resolve(undefined),
      progress: () => undefined,
    });
  } catch (error) {
    if (!isExpected(error)) throw error;
    const [reason] = error.message.split('\n');
    reporter.note(`${project}: no comparison with the image of ${tag}: ${reason}`);
    return null;
  }
}

const lookUp = async ({ client, repository }: Previous, tag: string) =>
  (await client.headManifest(repository.path, tag))?.digest;

async function placesOf(
  { image, layout }: ImageContent,
  previous: Digest,
  { tag, push, bundle }: Comparing,
): Promise<readonly [before: ImagePlace, after: ImagePlace]> {
  const isSame = previous === image.digest;
  const packages = isSame ? [] : (await bundle())?.packages;
  const after = { name: 'this image', source: layout, reference: image.digest, packages };
  // The same image is not read from the registry once more.
  if (isSame || !push) return [{ ...after, name: tag }, after];
  const source = new RemoteRepository(push.client, push.repository.path);
  return [{ name: tag, source, reference: previous }, after];
}
