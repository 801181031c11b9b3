import path from 'node:path';
import {
  type BlobSource,
  copy,
  type CopyEvent,
  type CopyListener,
  type CopyOptions,
  type CopyResult,
  type Descriptor,
  type Digest,
  type Manifest,
  type MountFrom,
  OciError,
  OciLayout,
  RemoteRepository,
} from '@typerush/oci';
import { type AttachedRecord } from '../attest/attach';
import { type BuiltImage, PipelineError } from '@typerush/pipeline-context';
import { type SiblingRepository } from '@typerush/ecr-access';
import { type OpenDestination } from './open-destinations';
import { type PushDecision } from './plan-push';

/** A destination, and what is to be done there. */
export interface DestinationPush extends OpenDestination {
  /** The image that each existing tag points to. */
  readonly existing: ReadonlyMap<string, Digest>;
  readonly decision: PushDecision;
}

/** What was sent to a destination: blobs, of which configs do not count as layers. */
export interface Sent {
  readonly uploadedLayers: number;
  readonly mountedLayers: number;
  readonly presentLayers: number;
  readonly uploadedBytes: number;
  readonly mountedBytes: number;
  readonly presentBytes: number;
}

export interface PushedDestination extends Sent {
  readonly attachments: readonly AttachedRecord[];
}

export interface DestinationServices {
  /** The layers of the base, which a layout leaves out. */
  readonly layersOfBase: (image: BuiltImage) => BlobSource;
  readonly siblings: () => Promise<readonly SiblingRepository[]>;
  /** Attaches what is missing to the image. */
  readonly attach: (
    destination: OpenDestination,
    image: Descriptor,
  ) => Promise<readonly AttachedRecord[]>;
  /** Shows what is sent to one of the destinations. */
  readonly progress: (destination: string) => CopyListener;
}

const nothing: Sent = {
  uploadedLayers: 0,
  mountedLayers: 0,
  presentLayers: 0,
  uploadedBytes: 0,
  mountedBytes: 0,
  presentBytes: 0,
};

/**
 * At all destinations, content and fixed tags, then attestations, then moving tags: so a moving tag points to a complete image,
 * and to the same one at every destination.
 * @throws PipelineError that says what is in the registries
 */
export async function pushToDestinations(
  image: BuiltImage,
  outDir: string,
  pushes: readonly DestinationPush[],
  services: DestinationServices,
): Promise<readonly PushedDestination[]> {
  const layout = await OciLayout.open(
    path.join(outDir, image.layout),
    services.layersOfBase(image),
  );
  const manifest = await manifestOf(image, layout);
  const moving = pushes.flatMap(({ decision }) => decision.set.moving);
  const left =
    moving.length > 0 ? `Moving tags (${[...new Set(moving)].join(', ')}) were not changed.` : '';

  const sent = await forEachDestination(pushes, left, (push) =>
    sendTo(push, image, layout, services),
  );
  const stored = `The image is in the registry under its fixed tags. ${left}`.trim();
  const attached = await forEachDestination(pushes, stored, (push) =>
    services.attach(push, manifest.descriptor),
  );
  const partly =
    'The image is in the registry under its fixed tags; some moving tags may still point to the previous image.';
  await forEachDestination(pushes, partly, async (push) => {
    const report = services.progress(push.destination.name);
    const target = targetOf(push).observed({
      onRetry: (event) => report({ kind: 'retry', ...event }),
    });
    for (const tag of push.decision.set.moving) await target.tag(manifest, tag);
  });
  return sent.map((one, index) => ({ ...one, attachments: attached[index] ?? [] }));
}

/** What a push would send to a destination. @throws OciError */
export async function planCopy(
  image: BuiltImage,
  layout: OciLayout,
  push: DestinationPush,
  services: Pick<DestinationServices, 'siblings'>,
): Promise<CopyResult> {
  return copyTo(push, image, layout, services, { planOnly: true });
}

/**
 * Takes one step of a push at every destination, and waits for all: one failed destination does not cancel the others.
 * @param state What is true whatever fails; part of the error.
 * @throws PipelineError that names where the step is done and where it is not; with one destination, under the code of its cause
 */
async function forEachDestination<T>(
  pushes: readonly DestinationPush[],
  state: string,
  step: (push: DestinationPush) => Promise<T>,
): Promise<T[]> {
  const results = await Promise.allSettled(pushes.map(step));
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected' ? [{ index, error: result.reason as unknown }] : [],
  );
  const [first] = failures;
  if (!first) return results.flatMap((result) => ('value' in result ? [result.value] : []));
  const bug = failures.find(({ error }) => !isExpected(error));
  // A bug keeps its stack trace.
  if (bug) throw bug.error;
  const again = 'Push again: content already in the registry is not uploaded again.';
  const cause = first.error as OciError | PipelineError;
  if (pushes.length === 1) {
    throw new PipelineError(cause.code, `${cause.message}\n${state} ${again}`, { cause });
  }
  const lines = pushes.map(({ destination }, index) => {
    const failure = failures.find((one) => one.index === index);
    return `  ${destination.name}: ${failure ? (failure.error as Error).message : 'done'}`;
  });
  throw new PipelineError(
    'PUSH_INCOMPLETE',
    `Push failed for ${failures.length} of ${pushes.length} destinations:\n${lines.join('\n')}\n${state} ${again}`,
    { cause },
  );
}

const isExpected = (error: unknown) => error instanceof PipelineError || error instanceof OciError;

const targetOf = ({ client, repository }: OpenDestination) =>
  new RemoteRepository(client, repository.path);

async function manifestOf(image: BuiltImage, layout: OciLayout): Promise<Manifest> {
  const { digest, mediaType } = image;
  const bytes = await layout.read(digest);
  return { bytes, descriptor: { mediaType, digest, size: bytes.length } };
}

async function sendTo(
  push: DestinationPush,
  image: BuiltImage,
  layout: OciLayout,
  services: DestinationServices,
): Promise<Sent> {
  const { destination, decision } = push;
  if (decision.present && decision.set.fixed.length === 0) return nothing;
  const layers = new LayerCount(image, services.progress(destination.name));
  const { uploadedBytes, mountedBytes, presentBytes } = await copyTo(
    push,
    image,
    layout,
    services,
    { tags: decision.set.fixed, onProgress: (event) => layers.see(event) },
  );
  return { ...layers.counts(), uploadedBytes, mountedBytes, presentBytes };
}

async function copyTo(
  push: DestinationPush,
  image: BuiltImage,
  layout: OciLayout,
  services: Pick<DestinationServices, 'siblings'>,
  options: CopyOptions,
): Promise<CopyResult> {
  const mountFrom = await mountSources(image, push, services);
  return copy(layout, image.digest, targetOf(push), { ...options, mountFrom });
}

/** Other services' repositories, for the layers of the base: what a service adds to it is its own, and no other service has it. */
async function mountSources(
  image: BuiltImage,
  { destination, decision }: DestinationPush,
  { siblings }: Pick<DestinationServices, 'siblings'>,
): Promise<MountFrom> {
  if (decision.present) return [];
  const others = destination.siblings(await siblings());
  return ({ digest }) => (isOfBase(image, digest) ? others : []);
}

const isOfBase = ({ platforms }: BuiltImage, digest: Digest) =>
  platforms.some(({ layers }) => layers.some((one) => one.fromBase && one.digest === digest));

/** Counts layers by what became of them, and passes events on except those of configs, which are not layers. */
class LayerCount {
  private readonly count = { uploaded: 0, mounted: 0, present: 0 };
  private readonly configs: ReadonlySet<string>;

  constructor(
    image: BuiltImage,
    private readonly listener: CopyListener,
  ) {
    this.configs = new Set(image.platforms.map(({ configDigest }) => configDigest));
  }

  see(event: CopyEvent): void {
    if ('digest' in event && this.configs.has(event.digest)) return;
    if (event.kind === 'blob') this.count[event.action] += 1;
    this.listener(event);
  }

  counts() {
    const { uploaded, mounted, present } = this.count;
    return { uploadedLayers: uploaded, mountedLayers: mounted, presentLayers: present };
  }
}
