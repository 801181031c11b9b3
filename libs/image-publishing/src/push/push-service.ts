import path from 'node:path';
import { imageFile, planTags, type Environment, type PlannedTags } from '@typerush/image-registry';
import {
  type Descriptor,
  type Digest,
  OciError,
  OciLayout,
  type RegistryClient,
} from '@typerush/oci';
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

import { describePush } from './describe-push';
import { openDestinations, type OpenDestination, type OpeningServices } from './open-destinations';
import { planPush } from './plan-push';
import {
  type DestinationPush,
  type DestinationServices,
  pushToDestinations,
} from './push-to-destinations';
import { describePushPlan, planUploads } from './push-plan';
import { writePushFiles } from './push-files';
import { recordOf } from './push-record';
import { tagConflict } from './tag-conflict';

export interface PushServices extends OpeningServices, Omit<DestinationServices, 'attach'> {
  readonly source: () => Promise<Source>;
  /** What is to be attached to the image. */
  readonly attachments: (image: BuiltImage, source: Source) => Promise<readonly Attachment[]>;
  /** By package the bytes in the bundle; undefined if the bundle does not record them. */
  readonly packages: () => Promise<readonly Weight[] | undefined>;
  /** The same of an image in the registry, from what is attached to it. */
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

/** Tags and pushes what docker-build has built. Nothing is sent unless every tag can be set. */
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
  const pushes = await explainPrePushFailure(
    Promise.all(opened.map((destination) => planDestination(destination, tags, image?.digest))),
  );
  refuseConflicts(pushes, service, image);
  if (!image) return describePushPlan({ service, pushes });

  const budget = await explainPrePushFailure(weigh(service, image, pushes, tags, services));
  checkBudget(budget, service.project, path.posix.join(service.projectRoot, imageFile));
  const attachments = await services.attachments(image, source);
  if (options.dryRun) {
    const uploads = await planUploads(image, service.outDir, pushes, attachments, services);
    return describePushPlan({ service, image, pushes, budget, uploads });
  }
  const attach = ({ client, repository }: OpenDestination, subject: Descriptor) =>
    attachMissing({ client, repository: repository.path, image: subject }, attachments);
  const pushed = await pushToDestinations(image, service.outDir, pushes, { ...services, attach });
  const { environment } = options;
  const { commit } = source;
  const record = recordOf(image, pushes, pushed, { environment, commit, budget, time });
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

async function planDestination(
  opened: OpenDestination,
  tags: PlannedTags,
  digest: Digest | undefined,
): Promise<DestinationPush> {
  const { client, repository } = opened;
  const all = [...tags.fixed, ...tags.moving];
  const existing = await findRemoteTags(client, repository.path, all);
  const { mutability } = repository;
  return { ...opened, existing, decision: planPush({ digest, tags, existing, mutability }) };
}

/** The image that each tag points to; a tag that does not exist is left out. */
async function findRemoteTags(
  client: RegistryClient,
  repository: string,
  tags: readonly string[],
): Promise<ReadonlyMap<string, Digest>> {
  const found = await Promise.all(
    tags.map(async (tag) => {
      const descriptor = await client.headManifest(repository, tag);
      return descriptor ? [[tag, descriptor.digest] as const] : [];
    }),
  );
  return new Map(found.flat());
}

/** What a push queries before it sends anything: a failure there says that nothing changed. @throws PipelineError */
async function explainPrePushFailure<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    // Other failures come with a remedy of their own.
    const isTransient = ['UNREACHABLE', 'SERVER_ERROR', 'TOOMANYREQUESTS'].includes(error.code);
    const again = isTransient ? ' Push again when the registry responds.' : '';
    throw new PipelineError(
      error.code,
      `${error.message}\nNothing was uploaded and no tag was changed.${again}`,
      { cause: error },
    );
  }
}

function refuseConflicts(
  pushes: readonly DestinationPush[],
  { projectRoot }: ServiceImage,
  image: BuiltImage | undefined,
): void {
  const conflicts = pushes.flatMap(({ decision, repository }) =>
    decision.conflicts.map((conflict) => ({ ...conflict, repository: repository.uri })),
  );
  if (conflicts.length === 0) return;
  throw tagConflict(conflicts, { projectRoot, image: image?.digest ?? 'another image' });
}

/** Against the first destination: if another one is behind, it does not decide. */
async function weigh(
  service: ServiceImage,
  image: BuiltImage,
  [first]: readonly DestinationPush[],
  { moving }: PlannedTags,
  services: PushServices,
): Promise<Budget> {
  if (!first) throw new Error('a push has a destination');
  const { client, repository, existing } = first;
  const [tag = ''] = moving;
  const digest = existing.get(tag);
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
    `Cannot push ${project}: no image has been built. Run: nx run ${project}:docker-build`,
  );

const notForProd = ({ project }: ServiceImage) =>
  new PipelineError(
    'STAND_IN_FOR_PROD',
    `Cannot push ${project} to prod: it was built on a stand-in base image. ` +
      `Build it where the base can be pulled: nx run ${project}:docker-build -c prod`,
  );
