import path from 'node:path';
import { reportMarkdown, reportPage } from '@typerush/image-comparison';
import {
  deployedTag,
  type Environment,
  imageFile,
  type PlannedTags,
  planTags,
} from '@typerush/image-registry';
import { type BlobSource, OciLayout, readNode, resolveImage } from '@typerush/oci';
import {
  type BuiltImage,
  notBuilt,
  PipelineError,
  readBuiltImage,
  type ServiceImage,
  type Source,
} from '@typerush/pipeline-context';
import { type Bundle } from '@typerush/service-bundle';
import { type ProgressReporter, type Report } from '@typerush/terminal-output';
import { type Attachment } from '../attest/attachment';
import { measureImage } from '../budget/budget';
import { checkBudget } from '../budget/check-budget';
import { requireScans, type UploadGate } from '../gate/gates';
import { type ImageScans } from '../scan/scan-image';
import { compareWithPrevious } from './compare-with-previous';
import { describePush } from './describe-push';
import { openDestinations, type OpeningServices, planDestination } from './destinations';
import { describeDryRun, planUploads } from './dry-run';
import { explainPrePushFailure, explainPushFailure, isExpected } from './push-failure';
import { findingsOf } from './push-findings';
import { pushPage } from './push-page';
import { isVersionTag, rejectConflicts } from './push-plan';
import { type PushRecord, recordOf, writePushFiles } from './push-record';
import {
  type DestinationServices,
  type PushContent,
  pushToDestinations,
} from './push-to-destinations';

export interface PushServices extends OpeningServices, DestinationServices {
  /** Passed before anything is uploaded. */
  readonly uploadGates: readonly UploadGate[];
  readonly source: () => Promise<Source>;
  readonly attachments: (image: BuiltImage, source: Source) => Promise<readonly Attachment[]>;
  /** The composition of the image; undefined if the build recorded none. */
  readonly bundle: () => Promise<Bundle | undefined>;
  /** The layers of the base image, which a sparse layout lacks. */
  readonly layersOfBase: (image: BuiltImage) => BlobSource;
  readonly now: () => Date;
  readonly reporter: ProgressReporter;
  /** undefined if no destination scans images. */
  readonly scans?: ImageScans;
  /** The web page of the CI run. */
  readonly run?: string;
  /** A file that a CI system shows as Markdown. */
  readonly stepSummary?: string;
}

export interface PushOptions {
  readonly environment: Environment;
  /** Templates of further tags. */
  readonly tags: readonly string[];
  /** Whether moving tags point to the image afterwards. Otherwise its promotion moves them. @default true */
  readonly movingTags?: boolean;
  readonly dryRun: boolean;
}

/** Tags and pushes what docker-build has built. Nothing is uploaded unless every tag can be set. */
export async function pushService(
  service: ServiceImage,
  options: PushOptions,
  services: PushServices,
): Promise<Report> {
  const time = services.now();
  const prepared = await explainPrePushFailure(preparePush(service, options, services, time));
  const { pushes, commit, content, budget } = prepared;
  const gates = { gates: services.gates, uploadGates: services.uploadGates };
  if (!content || !budget) return describeDryRun({ service, pushes, ...gates });
  const { image } = content;
  if (options.dryRun) {
    const uploads = await explainPrePushFailure(planUploads(content, pushes, services));
    return describeDryRun({
      service,
      image,
      pushes,
      budget,
      difference: prepared.difference,
      uploads,
      ...gates,
    });
  }
  const pushed = await pushToDestinations(content, pushes, services);
  const { environment } = options;
  const found = await findingsOf({ ...prepared, image, pushes }, service, services);
  const { run } = services;
  const record = recordOf({
    image,
    pushes,
    pushed,
    environment,
    commit,
    budget,
    time,
    run,
    ...found,
  });
  await writeRecord(service, record, services.stepSummary);
  return describePush(record);
}

/** Everything that can fail before the first upload. @throws PipelineError, OciError */
async function preparePush(
  service: ServiceImage,
  options: PushOptions,
  services: PushServices,
  time: Date,
) {
  const { project, projectRoot, outDir, config } = service;
  requireScans(service, options.environment, services);
  const image = await readBuiltImage(outDir);
  if (!image && !options.dryRun) throw notBuilt(project, 'push');
  if (image?.base.standIn && options.environment === 'prod') throw notForProd(project);
  // Nothing is provisioned for a push that gets no tags.
  const early = services.provision ? undefined : openDestinations(services);
  const [source] = await Promise.all([services.source(), early]);
  const { commit } = source;
  const tags = tagsOf(service, options, source, time, services.reporter);
  const opened = await (early ?? openDestinations(services));
  const pushes = await Promise.all(
    opened.map((destination) => planDestination(destination, tags, image?.digest)),
  );
  rejectConflicts(pushes, image?.digest, {
    action: 'push to',
    fix: (taken) =>
      taken.some(isVersionTag)
        ? `raise "version" in ${projectRoot}/package.json, commit, and push again.`
        : 'commit your change, so that it gets its own tag, and push again.',
  });
  if (!image) return { pushes, commit };

  const layersOfBase = services.layersOfBase(image);
  const layout = await OciLayout.open(path.join(outDir, image.layout), layersOfBase);
  const manifest = await readNode(layout, await resolveImage(layout, image.digest));
  const budget = await measureImage(image, layout, config.budget);
  const difference = await compareWithPrevious(
    { image, layout },
    {
      project,
      tag: deployedTag(options.environment),
      isPlanned: tags.moving.includes(deployedTag(options.environment)),
      // If others lack the previous image, that does not matter.
      push: pushes[0],
      platforms: budget.platforms,
      bundle: services.bundle,
      reporter: services.reporter,
    },
  );
  checkBudget(budget, difference, {
    project,
    file: path.posix.join(projectRoot, imageFile),
  });
  const audits = [];
  for (const gate of services.uploadGates) audits.push(...(await gate.check()));
  const audit = services.uploadGates.length > 0 ? audits : null;
  const attachments = await services.attachments(image, source);
  const content: PushContent = { image, layout, manifest, attachments };
  return { pushes, commit, content, budget, difference, audit };
}

function tagsOf(
  { project, version, config }: ServiceImage,
  { environment, tags: requested, movingTags = true }: PushOptions,
  { commit, tags: source }: Source,
  time: Date,
  reporter: ProgressReporter,
): PlannedTags {
  const templates = config.tags;
  const tags = planTags({
    tagSet: config.tagSet?.[environment],
    environment,
    retention: config.retention,
    commit,
    time,
    version,
    source,
    templates,
    requested,
  });
  for (const { template, missing } of tags.skipped) {
    reporter.note(`${project}: no tag "${template}": this push has no {${missing}}.`);
  }
  return movingTags ? tags : { ...tags, moving: [] };
}

async function writeRecord(
  { outDir, source }: ServiceImage,
  record: PushRecord,
  stepSummary: string | undefined,
): Promise<void> {
  try {
    const page = pushPage(record, source);
    const summary = { markdown: reportMarkdown(page), html: reportPage(page) };
    await writePushFiles(outDir, record, summary, stepSummary);
  } catch (error) {
    if (!isExpected(error)) throw error;
    const effect = 'The image was pushed and its tags were set, but push.json was not written.';
    throw explainPushFailure(error, effect);
  }
}

const notForProd = (project: string) =>
  new PipelineError(
    'STAND_IN_FOR_PROD',
    `Cannot push ${project} to prod: it was built on a stand-in base image.\n` +
      `Fix: build it where the base image can be pulled: nx run ${project}:docker-build -c prod`,
  );
