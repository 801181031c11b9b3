import { imageAction } from './ecr-events';
import { type StoredImage } from './images';
import { canBeScanned } from './image-layers';
import { type PushedManifest } from './push-manifest';
import { type Registry } from './registry';
import { scanFrequencyOf } from './scan-frequency';

/** What follows a push of a client: an event and, if the registry says so, a scan. The push does not fail with them. */
export async function afterPush(
  registry: Registry,
  name: string,
  pushed: PushedManifest,
  tag: string | undefined,
): Promise<void> {
  const { digest: imageDigest } = pushed.image;
  const imageId = { imageDigest, ...(tag !== undefined && { imageTag: tag }) };
  registry.publish(imageAction(registry, name, 'PUSH', imageId));
  await scanOnPush(registry, name, pushed.image);
}

/**
 * Starts the first scan of an image, if scanning on push is on. The push may not be the first one: a client repeats what a
 * kill has left unanswered.
 */
export async function scanOnPush(
  registry: Registry,
  name: string,
  image: StoredImage,
): Promise<void> {
  const repository = registry.repositories.find(name);
  if (!repository || !registry.scans.isConfigured || !canBeScanned(image)) return;
  if (scanFrequencyOf(registry, repository).scanFrequency === 'MANUAL') return;
  const { scanType } = registry.configuration.get().scanning;
  if (registry.scans.latest(repository, image.digest, scanType)) return;
  await registry.scans.start(registry, repository, image).catch(registry.onFailure);
}
