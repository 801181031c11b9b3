import { type ImageRecords } from '@typerush/ecr-access';
import { attachedComponents } from '@typerush/image-comparison';
import {
  deployedTag,
  type Environment,
  excerpt,
  fixedTagTemplates,
} from '@typerush/image-registry';
import { type Digest, type Manifest, resolveImage, shortDigest } from '@typerush/oci';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type Report } from '@typerush/terminal-output';
import pMap from 'p-map';
import {
  type DestinationPush,
  type OpenDestination,
  openDestinations,
  planDestination,
  targetOf,
} from '../push/destinations';
import { explainPrePushFailure, type RepeatableCommand } from '../push/push-failure';
import { rejectConflicts } from '../push/push-plan';
import { moveTags } from '../release/move-tags';
import { readReleases, recordReleases } from '../release/release-record';
import { type ReleaseServices, requestedImage } from '../release/release-services';
import { requireConfirmation } from '../release/terminal';
import { packageChanges } from './compare-packages';
import { describeRollback, describeVersions, type ListedVersion } from './describe-rollback';
import { previousVersion, taggedImages, type Version, versionsOf } from './versions';

export interface RollbackOptions {
  readonly environment: Environment;
  /** The version to return to; the previous one if both are undefined. */
  readonly digest?: string;
  readonly tag?: string;
  readonly list: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export interface RollbackServices extends ReleaseServices {
  /** Of the first destination that is Amazon ECR; undefined if there is none. */
  readonly records: ImageRecords | undefined;
}

const command: RepeatableCommand = { name: 'Rollback', again: 'roll back again' };

/** Reads at once: ECR throttles more. */
const parallel = 4;

/** What an environment runs, and what it can return to. */
interface Known {
  readonly opened: readonly OpenDestination[];
  /** The repository with the records. */
  readonly main: OpenDestination;
  readonly current: Digest;
  /** The last released first. */
  readonly versions: readonly Version[];
}

/**
 * Points the tag that an environment is deployed from to an earlier version. Only images that have a fixed tag of the environment
 * are versions of it: nothing else has passed its gates.
 * @throws PipelineError
 */
export async function rollbackService(
  service: ServiceImage,
  options: RollbackOptions,
  ports: RollbackServices,
): Promise<Report> {
  const known = await explainPrePushFailure(readVersions(service, options, ports), command);
  const { environment, dryRun, yes } = options;
  const { project } = service;
  const context = { project, environment, uri: known.main.repository.uri };
  if (options.list) {
    const listed = await explainPrePushFailure(compareAll(known), command);
    return describeVersions(context, known.current, listed);
  }
  const prepared = await explainPrePushFailure(plan(service, options, known), command);
  const { version, pushes } = prepared;
  const from = nameOf(known.versions, known.current);
  const isMove = pushes.some(({ plan: { set } }) => set.moving.length > 0);
  if (dryRun || !isMove) return describeRollback(context, { ...prepared, from, dryRun });
  const change = `${project} in ${environment} returns from ${from} to ${version.name} (${shortDigest(version.digest)})`;
  await requireConfirmation({ command: 'docker-rollback', environment, change, yes }, ports.prompt);
  // The change is one request for each destination: it is completed.
  const settle = ports.onInterruption(() => undefined);
  try {
    await moveTags(pushes, prepared.manifest, ports, command);
    const release = { environment, kind: 'rollback' as const, at: ports.now() };
    await recordReleases(pushes, prepared.manifest.descriptor, release, {
      previous: () => known.current,
      onFailure: (reason) =>
        ports.reporter.note(`The rollback is complete, but was not recorded: ${reason}`),
    });
    return describeRollback(context, { ...prepared, from, dryRun });
  } finally {
    settle();
  }
}

/** @throws PipelineError `SCAN_UNSUPPORTED`, `NOT_RELEASED` */
async function readVersions(
  { project, config }: ServiceImage,
  { environment }: RollbackOptions,
  ports: RollbackServices,
): Promise<Known> {
  const { records } = ports;
  const opened = await openDestinations(ports);
  const main = opened.find(({ destination }) => destination.ecr);
  if (!main || !records) throw withoutRecords(project, environment);
  const { client, repository } = main;
  const [images, current] = await Promise.all([
    records.all(repository.name),
    targetOf(main).resolve(deployedTag(environment)),
  ]);
  if (!current) throw notReleased(project, environment, repository.uri);
  const templates = fixedTagTemplates(config, environment);
  const place = { client, repository: repository.path };
  const releases = await pMap(
    taggedImages(images, templates),
    async ({ digest }) => [digest, await readReleases(place, digest, environment)] as const,
    { concurrency: parallel },
  );
  const versions = versionsOf({ images, releases: new Map(releases) }, templates);
  return { opened, main, current: current.digest, versions };
}

/** What differs in each version from the current image. */
async function compareAll({ main, current, versions }: Known): Promise<readonly ListedVersion[]> {
  const componentsOf = (digest: Digest) => attachedComponents(targetOf(main), digest);
  const now = await componentsOf(current);
  return pMap(
    versions,
    async (version) => {
      const components = version.digest === current ? now : await componentsOf(version.digest);
      const packages = now && components && packageChanges(now, components);
      return { ...version, ...(packages && { packages }) };
    },
    { concurrency: parallel },
  );
}

/** The move at every destination. @throws PipelineError `IMAGE_MISSING`, `TAG_IMMUTABLE`, `VERSION_*` */
async function plan(
  { project }: ServiceImage,
  options: RollbackOptions,
  known: Known,
): Promise<{ version: Version; pushes: readonly DestinationPush[]; manifest: Manifest }> {
  const { environment } = options;
  const version = chooseVersion(project, options, known);
  const { digest } = version;
  const moving = [deployedTag(environment)];
  const pushes = await Promise.all(
    known.opened.map(async (opened) => {
      // Another destination may not have every image.
      await resolveImage(targetOf(opened), digest);
      return planDestination(opened, { fixed: [], moving, passing: [] }, digest);
    }),
  );
  rejectConflicts(pushes, digest, { action: 'roll back', fix: () => '' });
  const { client, repository } = known.main;
  return { version, pushes, manifest: await client.getManifest(repository.path, digest) };
}

/** @throws PipelineError `OPTIONS_INVALID`, `VERSION_UNKNOWN`, `VERSION_ARCHIVED`, `NO_PREVIOUS_VERSION` */
function chooseVersion(
  project: string,
  { environment, digest, tag }: RollbackOptions,
  { versions, current }: Known,
): Version {
  const fail = (code: string, message: string) => new PipelineError(code, message);
  const list = `nx run ${project}:docker-rollback -c ${environment} --list`;
  const named = requestedImage({ digest, tag });
  if (named === undefined) {
    const previous = previousVersion(versions, current);
    if (previous) return previous;
    throw fail(
      'NO_PREVIOUS_VERSION',
      `Cannot roll back ${project}: ${environment} has no version before the current one.\n` +
        `Fix: see what there is: ${list}`,
    );
  }
  const version = versions.find((one) => one.digest === named || one.tags.includes(named));
  if (!version) {
    const names = versions.slice(0, 10).map(({ name }) => name);
    throw fail(
      'VERSION_UNKNOWN',
      `"${excerpt(named)}" is not a version of ${project} in ${environment}. The last ones are: ${names.join(', ') || 'none'}.\n` +
        `Fix: choose one of them: ${list}`,
    );
  }
  if (!version.archived) return version;
  throw fail(
    'VERSION_ARCHIVED',
    `${version.name} of ${project} is archived and cannot be pulled.\n` +
      'Fix: activate it first: aws ecr update-image-storage-class, or choose another version.',
  );
}

const nameOf = (versions: readonly Version[], digest: Digest): string =>
  versions.find((version) => version.digest === digest)?.name ?? shortDigest(digest);

const withoutRecords = (project: string, environment: Environment) =>
  new PipelineError(
    'RECORDS_UNSUPPORTED',
    `Cannot roll back ${project}: no destination of ${environment} is Amazon ECR, whose records name the versions.\n` +
      'Fix: move the tag with a client of that registry.',
  );

const notReleased = (project: string, environment: Environment, uri: string) =>
  new PipelineError(
    'NOT_RELEASED',
    `Cannot roll back ${project}: ${uri} has no tag "${deployedTag(environment)}".\n` +
      `Fix: push or promote an image first: nx run ${project}:docker-push -c ${environment}`,
  );
