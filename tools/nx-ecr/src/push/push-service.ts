import { type Commit, planTags, type Environment, type TagPlan } from '@typerush/image-registry';
import { type RegistryClient } from '@typerush/oci';
import { readBuiltImage, type BuiltImage } from '../built-image';
import { type Narrator } from '../engines/image-engine';
import { PipelineError } from '../pipeline-error';
import { type Repository, type RepositoryFinder } from '../registry/repository';
import { type Report } from '../report';
import { type ServiceImage } from '../service-image';
import { describePush, describePushPlan } from './describe-push';
import { planPush, type PushDecision } from './plan-push';
import { writePushFiles, type PushRecord } from './push-files';
import { retag } from './retag';
import { sendImage, type PushOutcome } from './send-image';
import { findStandingTags } from './standing-tags';
import { tagConflict } from './tag-conflict';

export interface PushServices {
  readonly repositories: RepositoryFinder;
  /** The way into a repository's registry. */
  readonly client: (repository: Repository) => RegistryClient;
  readonly commit: () => Promise<Commit>;
  readonly now: () => Date;
  readonly narrator: Narrator;
}

export interface PushOptions {
  readonly environment: Environment;
  readonly dryRun: boolean;
}

interface Target {
  readonly repository: Repository;
  readonly client: RegistryClient;
  readonly decision: PushDecision;
}

const nothingSent: PushOutcome = { uploadedLayers: 0, presentLayers: 0 };

/** Tags and pushes what docker-build has built. Nothing is sent before it is known that every tag can be set. */
export async function pushService(
  service: ServiceImage,
  options: PushOptions,
  services: PushServices,
): Promise<Report> {
  const image = await readBuiltImage(service.outDir);
  if (!image && !options.dryRun) throw notBuilt(service);
  if (image?.base.standIn && options.environment === 'prod') throw notForProd(service);
  const commit = await services.commit();
  const time = services.now();
  const tagging = { environment: options.environment, commit, version: service.version };
  const tags = planTags({ ...tagging, time });
  const lasting = commonTags(tags, planTags({ ...tagging, time: new Date(0) }));

  const repository = await services.repositories.find(service.repository);
  const client = services.client(repository);
  const found = await findStandingTags(client, repository.path, allOf(tags), image?.digest);
  const decision = planPush({ tags, lasting, found, mutability: repository.mutability });
  if (decision.conflicts.length > 0) {
    throw tagConflict(decision.conflicts, {
      repository: repository.name,
      projectRoot: service.projectRoot,
      image: image?.digest ?? 'another image',
    });
  }
  if (options.dryRun || !image) {
    return describePushPlan({ service, repository, image, decision });
  }
  const target = { repository, client, decision };
  const outcome = await send(image, target, service, services);
  const record = recordOf(image, target, outcome, { options, commit, time });
  await writePushFiles(service.outDir, record);
  return describePush(record);
}

/** An image that stands gets its tags there; only another one is sent. */
async function send(
  image: BuiltImage,
  { repository, client, decision }: Target,
  { outDir }: ServiceImage,
  { narrator }: PushServices,
): Promise<PushOutcome> {
  if (decision.standing) {
    await retag(client, repository.path, decision.standing, decision.set);
    return nothingSent;
  }
  const tags = decision.set;
  return sendImage({ image, outDir, client, repository: repository.path, tags }, narrator);
}

function recordOf(
  image: BuiltImage,
  { repository, decision }: Target,
  outcome: PushOutcome,
  { options, commit, time }: { options: PushOptions; commit: Commit; time: Date },
): PushRecord {
  return {
    service: image.service,
    environment: options.environment,
    repository: repository.name,
    repositoryUri: repository.uri,
    digest: image.digest,
    imageUri: `${repository.uri}@${image.digest}`,
    platforms: image.platforms.map(({ platform, digest }) => ({ platform, digest })),
    engine: image.engine,
    standIn: image.base.standIn,
    commit,
    tags: decision.tags,
    unchanged: allOf(decision.set).length === 0,
    ...outcome,
    pushedAt: time.toISOString(),
  };
}

const allOf = ({ fixed, moving }: TagPlan) => [...fixed, ...moving];

const commonTags = (one: TagPlan, other: TagPlan): ReadonlySet<string> =>
  new Set(allOf(one).filter((tag) => allOf(other).includes(tag)));

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
