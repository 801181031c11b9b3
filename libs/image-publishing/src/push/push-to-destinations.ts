import { type SiblingRepository } from '@typerush/ecr-access';
import {
  copy,
  type CopyListener,
  type CopyOptions,
  type CopyResult,
  type Manifest,
  type OciLayout,
} from '@typerush/oci';
import { type BuiltImage } from '@typerush/pipeline-context';
import { type Attachment, attachMissing, type AttachmentRecord } from '../attest/attachment';
import { type Gate } from '../gate/gates';
import { type DestinationPush, forEachDestination, observedTarget, targetOf } from './destinations';
import { explainPushFailure, isExpected } from './push-failure';

/** The outcome of the blobs of an image at a destination. Configs do not count as layers. */
export interface Sent {
  readonly uploadedLayers: number;
  readonly mountedLayers: number;
  readonly presentLayers: number;
  readonly uploadedBytes: number;
  readonly mountedBytes: number;
  readonly presentBytes: number;
}

export interface PushedDestination extends Sent {
  readonly attachments: readonly AttachmentRecord[];
}

export interface DestinationServices {
  readonly siblings: () => Promise<readonly SiblingRepository[]>;
  /** Shows what is sent to one of the destinations. */
  readonly progress: (destination: string) => CopyListener;
  /** Passed before moving tags are changed anywhere. */
  readonly gates: readonly Gate[];
}

/** The image to push, and where it is. */
export interface PushContent {
  readonly image: BuiltImage;
  readonly layout: OciLayout;
  /** Of the index, or of a single platform. */
  readonly manifest: Manifest;
  readonly attachments: readonly Attachment[];
}

/**
 * At all destinations content and fixed tags, then attachments, then the gates, then moving tags: so a moving tag points to a
 * complete image that has passed, and to the same one at every destination.
 * @throws PipelineError that reports what is in the registries
 */
export async function pushToDestinations(
  content: PushContent,
  pushes: readonly DestinationPush[],
  services: DestinationServices,
): Promise<readonly PushedDestination[]> {
  const { manifest, attachments } = content;
  const moving = [...new Set(pushes.flatMap(({ plan }) => plan.set.moving))];
  const unmoved = moving.length > 0 ? `Moving tags (${moving.join(', ')}) were not changed.` : '';
  const tagged = 'The image is in the registry under its fixed tags';

  const sent = await forEachDestination(pushes, unmoved, (push) => send(push, content, services));
  const attached = await forEachDestination(pushes, `${tagged}. ${unmoved}`.trim(), (push) =>
    attachMissing(push, manifest.descriptor, attachments),
  );
  if (moving.length > 0) {
    await passGates(
      content.image,
      pushes,
      services.gates,
      `${tagged}, with its attachments. ${unmoved}`,
    );
  }
  const partly = `${tagged}; some moving tags may still point to the previous image.`;
  await forEachDestination(pushes, partly, async (push) => {
    const target = observedTarget(push, services.progress);
    for (const tag of push.plan.set.moving) await target.tag(manifest, tag);
  });
  return sent.map((one, index) => ({ ...one, attachments: attached[index] ?? [] }));
}

/** Checks the image where deployments read it: in the first destination that is ECR. @throws PipelineError */
async function passGates(
  { digest, platforms }: BuiltImage,
  pushes: readonly DestinationPush[],
  gates: readonly Gate[],
  effect: string,
): Promise<void> {
  const scanned = pushes.find(({ destination }) => destination.ecr) ?? pushes[0];
  if (!scanned) return;
  const image = {
    repository: scanned.repository.name,
    content: targetOf(scanned),
    digest,
    platforms,
  };
  try {
    for (const gate of gates) await gate.check(image);
  } catch (error) {
    if (!isExpected(error)) throw error;
    throw explainPushFailure(error, effect);
  }
}

/** The outcome that a push would have at a destination. @throws OciError */
export async function planSending(
  push: DestinationPush,
  content: PushContent,
  services: Pick<DestinationServices, 'siblings'>,
): Promise<Sent> {
  return sentOf(content, await copyTo(push, content, services, { planOnly: true }));
}

async function send(
  push: DestinationPush,
  content: PushContent,
  services: DestinationServices,
): Promise<Sent> {
  const { destination, plan } = push;
  if (plan.present && plan.set.fixed.length === 0) return sentOf(content);
  const report = services.progress(destination.name);
  const configs = configsOf(content);
  const result = await copyTo(push, content, services, {
    tags: plan.set.fixed,
    onProgress: (event) => {
      if (!('digest' in event && configs.has(event.digest))) report(event);
    },
  });
  return sentOf(content, result);
}

async function copyTo(
  push: DestinationPush,
  { image, layout, manifest }: PushContent,
  { siblings }: Pick<DestinationServices, 'siblings'>,
  options: CopyOptions,
): Promise<CopyResult> {
  const { destination, plan } = push;
  const others = plan.present ? [] : destination.siblings(await siblings());
  return copy(layout, manifest.descriptor, targetOf(push), {
    ...options,
    // Only layers of the base image: what a service adds to it, no other service has.
    mountFrom: ({ digest }) => (isOfBase(image, digest) ? others : []),
  });
}

const isOfBase = ({ platforms }: BuiltImage, digest: string) =>
  platforms.some(({ layers }) => layers.some((one) => one.fromBase && one.digest === digest));

const configsOf = ({ image }: PushContent): ReadonlySet<string> =>
  new Set(image.platforms.map(({ configDigest }) => configDigest));

/** @param result None if nothing had to be copied. */
function sentOf(content: PushContent, result?: CopyResult): Sent {
  const configs = configsOf(content);
  const layers = (result?.blobs ?? []).filter(({ blob }) => !configs.has(blob.digest));
  const count = (outcome: CopyResult['blobs'][number]['action']) =>
    layers.filter(({ action }) => action === outcome).length;
  return {
    uploadedLayers: count('uploaded'),
    mountedLayers: count('mounted'),
    presentLayers: count('present'),
    uploadedBytes: result?.uploadedBytes ?? 0,
    mountedBytes: result?.mountedBytes ?? 0,
    presentBytes: result?.presentBytes ?? 0,
  };
}
