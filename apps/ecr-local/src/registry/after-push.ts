import { imageAction } from './ecr-events';
import { type StoredImage } from './images';
import { canBeScanned } from './image-layers';
import { type PushedManifest } from './push-manifest';
import { type Registry } from './registry';
import { scanFrequencyOf } from './scan-frequency';

/** What follows a push of a client: replication, an event and, if the registry says so, a scan. The push does not fail with them. */
export async function afterPush(
  registry: Registry,
  name: string,
  pushed: PushedManifest,
  tag: string | undefined,
): Promise<void> {
  registry.replication.start(registry, name, pushed, tag);
  const { digest: imageDigest } = pushed.image;
  const imageId = { imageDigest, ...(tag !== undefined && { imageTag: tag }) };
  registry.publish(imageAction(registry, name, 'PUSH', imageId));
  if (pushed.outcome === 'created') await scanOnPush(registry, name, pushed.image);
}

/** Starts a scan of an image that is new in its repository, if scanning on push is on. */
export async function scanOnPush(
  registry: Registry,
  name: string,
  image: StoredImage,
): Promise<void> {
  const repository = registry.repositories.find(name);
  if (!repository || !registry.scans.isConfigured || !canBeScanned(image)) return;
  if (scanFrequencyOf(registry, repository).scanFrequency === 'MANUAL') return;
  await registry.scans.start(registry, repository, image).catch(registry.onFailure);
}
