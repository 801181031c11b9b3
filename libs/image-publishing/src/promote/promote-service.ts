import { type ImageRecords, type PushDestination } from '@typerush/ecr-access';
import {
  deployedTag,
  type Environment,
  excerpt,
  imageFile,
  isTag,
  type PlannedTags,
  planTags,
} from '@typerush/image-registry';
import { copy, type CopyResult, RemoteRepository, shortDigest } from '@typerush/oci';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type Report } from '@typerush/terminal-output';
import { type Gate } from '../gate/gates';
import {
  type DestinationPush,
  forEachDestination,
  openDestinations,
  planDestination,
  targetOf,
} from '../push/destinations';
import { explainPrePushFailure, isExpected, type RepeatableCommand } from '../push/push-failure';
import { isVersionTag, rejectConflicts } from '../push/push-plan';
import { type DestinationServices } from '../push/push-to-destinations';
import { describeTags, moveTags, statePhrase } from '../release/move-tags';
import { recordReleases } from '../release/release-record';
import { type ReleaseServices, requestedImage } from '../release/release-services';
import { requireConfirmation } from '../release/terminal';
import { describePromotion, describePromotionPlan } from './describe-promotion';
import { type PromotedImage, type PromotionSource, readPromotedImage } from './promoted-image';

export interface PromotionOptions {
  readonly from: Environment;
  readonly to: Environment;
  /** Of the source; the image that `from` is deployed from if both are undefined. */
  readonly digest?: string;
  readonly tag?: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** The same project in each environment. */
export interface PromotedServices {
  readonly source: ServiceImage;
  readonly target: ServiceImage;
}

export interface PromotionServices extends ReleaseServices, Pick<DestinationServices, 'gates'> {
  /** Where the image is now. `destinations` are those of the target environment. */
  readonly source: PushDestination;
  readonly records: ImageRecords;
}

const command: RepeatableCommand = { name: 'Promotion', again: 'promote again' };

/** Everything that is known before the first change. */
export interface PreparedPromotion {
  readonly source: PromotionSource;
  readonly image: PromotedImage;
  readonly pushes: readonly DestinationPush[];
  readonly gates: readonly Gate[];
}

/**
 * Gives an image of one environment, with all its attachments, the tags of another one. Nothing is built, and nothing changes
 * unless the image passes the gates and every tag can be set; moving tags are set last.
 * @throws PipelineError
 */
export async function promoteService(
  services: PromotedServices,
  options: PromotionOptions,
  ports: PromotionServices,
): Promise<Report> {
  const time = ports.now();
  const prepared = await explainPrePushFailure(prepare(services, options, ports, time), command);
  const { project } = services.target;
  const { image, pushes } = prepared;
  if (options.dryRun) {
    const copies = await explainPrePushFailure(copyToAll(prepared, ports, true), command);
    return describePromotionPlan(project, options, prepared, copies);
  }
  if (pushes.some(({ plan }) => plan.set.fixed.length + plan.set.moving.length > 0)) {
    const { digest, version } = image;
    const change = `${project} ${version} (${shortDigest(digest)}) is promoted from ${options.from} to ${options.to}`;
    const { to: environment, yes } = options;
    await requireConfirmation(
      { command: 'docker-promote', environment, change, yes },
      ports.prompt,
    );
  }
  let moving = false;
  const settle = ports.onInterruption(() =>
    moving ? undefined : `the promotion was interrupted: ${oldState(pushes)}`,
  );
  try {
    const copies = await copyToAll(prepared, ports, false);
    moving = true;
    await moveTags(pushes, image.manifest, ports, command);
    const tag = deployedTag(options.to);
    const release = { environment: options.to, kind: 'promote' as const, at: time };
    await recordReleases(pushes, image.manifest.descriptor, release, {
      previous: ({ existing }) => existing.get(tag),
      // The image is promoted, and its push date takes the place of the record.
      onFailure: (reason) =>
        ports.reporter.note(`The image was promoted, but its release was not recorded: ${reason}`),
    });
    return describePromotion(project, options, prepared, copies, time);
  } finally {
    settle();
  }
}

/** @throws PipelineError, OciError */
async function prepare(
  { source: sourceService, target }: PromotedServices,
  options: PromotionOptions,
  ports: PromotionServices,
  time: Date,
): Promise<PreparedPromotion> {
  const { from, to } = options;
  const reference = referenceOf(options);
  const repository = await ports.source.open();
  const content = new RemoteRepository(ports.client(repository), repository.path);
  const { records } = ports;
  const source = { environment: from, service: sourceService, repository, content, records };
  const image = await readPromotedImage(source, reference);
  requirePromotable(image, target.project, to);
  const planned = tagsOf(target, image, to, time);
  // Its push has set the fixed tags; another timestamp would say nothing new.
  const tags = from === to ? { ...planned, fixed: [], passing: [] } : planned;
  const opened = await openDestinations(ports);
  const pushes = await Promise.all(
    opened.map((destination) => planDestination(destination, tags, image.digest)),
  );
  rejectConflicts(pushes, image.digest, {
    action: 'promote to',
    fix: (taken) =>
      taken.some(isVersionTag)
        ? `that version is another image: raise "version" in ${target.projectRoot}/package.json, push to ${from}, and promote that.`
        : `promote an image of another commit, or remove "tagSet" for ${to} from ${target.projectRoot}/${imageFile}.`,
  });
  for (const gate of ports.gates) await gate.check(image);
  return { source, image, pushes, gates: ports.gates };
}

/** @throws PipelineError `OPTIONS_INVALID` */
function referenceOf({ from, to, digest, tag }: PromotionOptions): string {
  const invalid = (problem: string) => new PipelineError('OPTIONS_INVALID', problem);
  if (from === to && digest === undefined && tag === undefined) {
    throw invalid(
      `--from and --to are both ${from}, and its moving tags point to the image already.\n` +
        'Fix: pass two environments,\n     or --digest or --tag of an image that was pushed with --no-movingTags.',
    );
  }
  const reference = requestedImage({ digest, tag }) ?? deployedTag(from);
  if (tag !== undefined && !isTag(tag)) {
    throw invalid(`Invalid --tag=${excerpt(tag)}. Expected the tag of an image.`);
  }
  return reference;
}

/** The rules of a push that depend on what was built. @throws PipelineError `STAND_IN_FOR_PROD`, `DIRTY_TREE` */
function requirePromotable(image: PromotedImage, project: string, to: Environment): void {
  if (to !== 'prod') return;
  const refused = (code: string, why: string, fix: string) =>
    new PipelineError(code, `Cannot promote ${project} to prod: ${why}\nFix: ${fix}`);
  if (image.standIn) {
    throw refused(
      'STAND_IN_FOR_PROD',
      `${image.digest} was built on a stand-in base image.`,
      'build and push it where the base image can be pulled, and promote that.',
    );
  }
  if (image.commit.dirty) {
    throw refused(
      'DIRTY_TREE',
      `${image.digest} was built from uncommitted changes on ${image.commit.sha}.`,
      'commit them, push again, and promote that.',
    );
  }
}

function tagsOf(
  { config }: ServiceImage,
  { commit, version }: PromotedImage,
  environment: Environment,
  time: Date,
): PlannedTags {
  // Templates of a branch, a pull request or a run have no value: a promotion comes from none.
  const { retention, tags: templates } = config;
  const tagSet = config.tagSet?.[environment];
  return planTags({ environment, retention, tagSet, templates, commit, version, time });
}

/** Content, attachments and fixed tags, at every destination. */
async function copyToAll(
  { source, image, pushes }: PreparedPromotion,
  { progress }: Pick<PromotionServices, 'progress'>,
  planOnly: boolean,
): Promise<readonly CopyResult[]> {
  const effect = async () => {
    const side = (await isGone(source, image))
      ? deleted(source)
      : `${source.environment} was not changed.`;
    return `${side}\n${await describeTags(pushes)}`;
  };
  const { host, path } = source.repository;
  return forEachDestination(
    pushes,
    effect,
    ({ destination, repository, plan, ...push }) =>
      copy(source.content, image.manifest.descriptor, targetOf({ ...push, repository }), {
        referrers: true,
        tags: plan.set.fixed,
        mountFrom: repository.host === host && repository.path !== path ? [path] : [],
        onProgress: progress(destination.name),
        planOnly,
      }),
    command,
  );
}

async function isGone({ content }: PromotionSource, { digest }: PromotedImage): Promise<boolean> {
  try {
    return (await content.resolve(digest)) === undefined;
  } catch (error) {
    if (isExpected(error)) return false;
    throw error;
  }
}

const deleted = ({ repository }: PromotionSource) =>
  `The image was deleted from ${repository.uri} at the same time.`;

const oldState = (pushes: readonly DestinationPush[]) =>
  pushes
    .flatMap(({ repository, plan, existing }) =>
      plan.set.moving.map(
        (tag) => `${repository.uri}:${tag} still ${statePhrase(existing.get(tag))}`,
      ),
    )
    .join('; ');
