import path from 'node:path';
import {
  type BlobSource,
  type Descriptor,
  type Digest,
  type FetchedManifest,
  type MountFrom,
  OciLayout,
  pushContent,
  type PushEvent,
  type PushListener,
  setTags,
} from '@typerush/oci';
import { type AttachedRecord } from '../attest/attach';
import { type BuiltImage } from '@typerush/pipeline-context';
import { type SiblingRepository } from '@typerush/ecr-access';
import { everywhere } from './everywhere';
import { type OpenDestination } from './open-destinations';
import { type PushDecision } from './plan-push';
import { type StandingTag } from './standing-tags';

/** A destination, and what is to be done there. */
export interface Delivery extends OpenDestination {
  /** What stands under its tags. */
  readonly found: ReadonlyMap<string, StandingTag>;
  readonly decision: PushDecision;
}

/** What was sent to a destination: blobs, of which configs count as no layers. */
export interface Sent {
  readonly uploadedLayers: number;
  readonly mountedLayers: number;
  readonly presentLayers: number;
  readonly uploadedBytes: number;
  readonly mountedBytes: number;
  readonly presentBytes: number;
}

export interface Delivered extends Sent {
  readonly attachments: readonly AttachedRecord[];
}

export interface DeliveryServices {
  /** The layers of the base, which a layout leaves out. */
  readonly layersOfBase: (image: BuiltImage) => BlobSource;
  readonly siblings: () => Promise<readonly SiblingRepository[]>;
  /** Attaches what is missing to the image that stands. */
  readonly attach: (
    delivery: OpenDestination,
    image: Descriptor,
  ) => Promise<readonly AttachedRecord[]>;
  /** Shows what is sent to one of the destinations. */
  readonly progress: (destination: string) => PushListener;
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
 * Content and fixed tags everywhere, then what is attached everywhere, then moving tags: whoever follows a moving tag finds all of
 * it, and finds the same at every destination.
 * @throws PipelineError that says what stands
 */
export async function deliver(
  image: BuiltImage,
  outDir: string,
  deliveries: readonly Delivery[],
  services: DeliveryServices,
): Promise<readonly Delivered[]> {
  const layout = await OciLayout.open(path.join(outDir, image.layout));
  const manifest = await manifestOf(image, layout);
  const moving = deliveries.flatMap(({ decision }) => decision.set.moving);
  const left =
    moving.length > 0
      ? `Moving tags (${[...new Set(moving)].join(', ')}) are where they were.`
      : '';

  const sent = await everywhere(deliveries, left, (delivery) =>
    sendTo(delivery, image, layout, services),
  );
  const stands = `The image stands under its fixed tags. ${left}`.trim();
  const attached = await everywhere(deliveries, stands, (delivery) =>
    services.attach(delivery, manifest.descriptor),
  );
  const partly = 'The image stands under its fixed tags; moving tags may be where they were.';
  await everywhere(deliveries, partly, ({ client, repository, decision, destination }) =>
    setTags({
      client,
      repository: repository.path,
      manifest,
      tags: decision.set.moving,
      onProgress: services.progress(destination.name),
    }),
  );
  return sent.map((one, index) => ({ ...one, attachments: attached[index] ?? [] }));
}

async function manifestOf(image: BuiltImage, layout: OciLayout): Promise<FetchedManifest> {
  const { digest, mediaType } = image;
  const bytes = await layout.read(digest);
  return { bytes, descriptor: { mediaType, digest, size: bytes.length } };
}

async function sendTo(
  delivery: Delivery,
  image: BuiltImage,
  layout: OciLayout,
  services: DeliveryServices,
): Promise<Sent> {
  const { client, repository, destination, decision } = delivery;
  if (decision.stands && decision.set.fixed.length === 0) return nothing;
  const layers = new LayerCount(image, services.progress(destination.name));
  const { uploadedBytes, mountedBytes, skippedBytes } = await pushContent({
    layout,
    digest: image.digest,
    client,
    repository: repository.path,
    tags: decision.set.fixed,
    mountFrom: await mountSources(image, delivery, services),
    fetchMissing: services.layersOfBase(image),
    onProgress: (event) => layers.see(event),
  });
  return { ...layers.counts(), uploadedBytes, mountedBytes, presentBytes: skippedBytes };
}

/** Other services' repositories, for the layers of the base: what a service adds to it is its own, and nobody else has it. */
export async function mountSources(
  image: BuiltImage,
  { destination, decision }: Pick<Delivery, 'destination' | 'decision'>,
  { siblings }: Pick<DeliveryServices, 'siblings'>,
): Promise<MountFrom> {
  if (decision.stands) return [];
  const others = destination.siblings(await siblings());
  return ({ digest }) => (isOfBase(image, digest) ? others : []);
}

const isOfBase = ({ platforms }: BuiltImage, digest: Digest) =>
  platforms.some(({ layers }) => layers.some((one) => one.fromBase && one.digest === digest));

/** Counts layers by what became of them, and passes events on but for those of configs, which are no layers. */
class LayerCount {
  private readonly count = { uploaded: 0, mounted: 0, present: 0 };
  private readonly configs: ReadonlySet<string>;

  constructor(
    image: BuiltImage,
    private readonly listener: PushListener,
  ) {
    this.configs = new Set(image.platforms.map(({ configDigest }) => configDigest));
  }

  see(event: PushEvent): void {
    if ('digest' in event && this.configs.has(event.digest)) return;
    if (event.kind === 'blob') this.count[event.action] += 1;
    this.listener(event);
  }

  counts() {
    const { uploaded, mounted, present } = this.count;
    return { uploadedLayers: uploaded, mountedLayers: mounted, presentLayers: present };
  }
}
