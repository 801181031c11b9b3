import path from 'node:path';
import { imageFile, planTags, type Environment, type PlannedTags } from '@typerush/image-registry';
import { type Descriptor, type Digest, OciLayout } from '@typerush/oci';
import { type Attachment, attachMissing } from '../attest/attach';
import { type Budget, checkBudget } from '../budget/budget';
import { type Weight } from '../budget/growth';
import { weighImage } from '../budget/weigh-image';
import {
  type BuiltImage,
  readBuiltImage,
  type Source,
  PipelineError,
  type ServiceImage,
} from '@typerush/pipeline-context';
import { type Report, type ProgressReporter } from '@typerush/terminal-output';
import { beforeSending } from './before-sending';
import { deliver, type Delivery, type DeliveryServices } from './deliver';
import { describePush } from './describe-push';
import { openDestinations, type OpenDestination, type OpeningServices } from './open-destinations';
import { planPush } from './plan-push';
import { describePushPlan, planUploads } from './push-plan';
import { writePushFiles } from './push-files';
import { recordOf } from './push-record';
import { findStandingTags } from './standing-tags';
import { tagConflict } from './tag-conflict';

export interface PushServices extends OpeningServices, Omit<DeliveryServices, 'attach'> {
  readonly source: () => Promise<Source>;
  /** What is to stand beside the image. */
  readonly attachments: (image: BuiltImage, source: Source) => Promise<readonly Attachment[]>;
  /** By package the bytes in the bundle; undefined where it does not tell. */
  readonly packages: () => Promise<readonly Weight[] | undefined>;
  /** The same of an image that stands, from what is attached to it. */
  readonly packagesOf: (
    at: OpenDestination,
    image: Digest,
  ) => Promise<readonly Weight[] | undefined>;
  readonly now: () => Date;
  readonly reporter: ProgressReporter;
  /** A file that a CI system shows as Markdown. */
  readonly stepSummary?: string;
}

export interface PushOptions {
  readonly environment: Environment;
  /** Templates of further tags. */
  readonly tags: readonly string[];
  readonly dryRun: boolean;
}

/** Tags and pushes what docker-build has built. Nothing is sent before it is known that every tag can be set. */
export async function pushService(
  service: ServiceImage,
  options: PushOptions,
  services: PushServices,
): Promise<Report> {
  const image = await readBuiltImage(service.outDir);
  if (!image && !options.dryRun) throw notBuilt(service);
  if (image?.base.standIn && options.environment === 'prod') throw notForProd(service);
  const time = services.now();
  // Nothing is provisioned for a push that gets no tags.
  const early = services.provision ? undefined : openDestinations(services);
  const [source] = await Promise.all([services.source(), early]);
  const tags = tagsOf(service, options, source, time, services.reporter);
  const opened = await (early ?? openDestinations(services));
  const deliveries = await beforeSending(
    Promise.all(opened.map((destination) => planDelivery(destination, tags, image?.digest))),
  );
  refuseConflicts(deliveries, service, image);
  if (!image) return describePushPlan({ service, deliveries });

  const budget = await beforeSending(weigh(service, image, deliveries, tags, services));
  checkBudget(budget, service.project, path.posix.join(service.projectRoot, imageFile));
  const attachments = await services.attachments(image, source);
  if (options.dryRun) {
    const uploads = await planUploads(image, service.outDir, deliveries, attachments, services);
    return describePushPlan({ service, image, deliveries, budget, uploads });
  }
  const attach = ({ client, repository }: OpenDestination, subject: Descriptor) =>
    attachMissing({ client, repository: repository.path, image: subject }, attachments);
  const delivered = await deliver(image, service.outDir, deliveries, { ...services, attach });
  const { environment } = options;
  const { commit } = source;
  const record = recordOf(image, deliveries, delivered, { environment, commit, budget, time });
  await writePushFiles(service, record, services.stepSummary);
  return describePush(record);
}

function tagsOf(
  service: ServiceImage,
  { environment, tags: asked }: PushOptions,
  { commit, tags: source }: Source,
  time: Date,
  reporter: ProgressReporter,
): PlannedTags {
  const { version, config } = service;
  const templates = config.tags;
  const tags = planTags({ environment, commit, time, version, source, templates, asked });
  for (const { template, missing } of tags.skipped) {
    reporter.note(`${service.project}: no tag "${template}", since this push has no {${missing}}.`);
  }
  return tags;
}

async function planDelivery(
  opened: OpenDestination,
  tags: PlannedTags,
  digest: Digest | undefined,
): Promise<Delivery> {
  const { client, repository } = opened;
  const all = [...tags.fixed, ...tags.moving];
  const found = await findStandingTags(client, repository.path, all, digest);
  const { mutability } = repository;
  return { ...opened, found, decision: planPush({ tags, found, mutability }) };
}

function refuseConflicts(
  deliveries: readonly Delivery[],
  { projectRoot }: ServiceImage,
  image: BuiltImage | undefined,
): void {
  const conflicts = deliveries.flatMap(({ decision, repository }) =>
    decision.conflicts.map((conflict) => ({ ...conflict, repository: repository.uri })),
  );
  if (conflicts.length === 0) return;
  throw tagConflict(conflicts, { projectRoot, image: image?.digest ?? 'another image' });
}

/** Against the first destination: where one of several is behind, it does not decide. */
async function weigh(
  service: ServiceImage,
  image: BuiltImage,
  [first]: readonly Delivery[],
  { moving }: PlannedTags,
  services: PushServices,
): Promise<Budget> {
  if (!first) throw new Error('a push has a destination');
  const { client, repository, found } = first;
  const [tag = ''] = moving;
  const digest = found.get(tag)?.digest;
  return weighImage({
    image,
    layout: await OciLayout.open(path.join(service.outDir, image.layout)),
    limitMb: service.config.budget?.layersMb,
    client,
    repository: repository.path,
    last: digest && { tag, digest },
    packagesNow: services.packages,
    packagesOf: (last) => services.packagesOf(first, last),
  });
}

const notBuilt = ({ project }: ServiceImage) =>
  new PipelineError(
    'NOT_BUILT',
    `${project} has no image here: run nx run ${project}:docker-build.`,
  );

const notForProd = ({ project }: ServiceImage) =>
  new PipelineError(
    'STAND_IN_FOR_PROD',
    `The image of ${project} stands on a stand-in for its base image, and prod takes none. ` +
      `Build it where the base can be pulled: nx run ${project}:docker-build -c prod`,
  );
