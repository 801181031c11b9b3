import { type Commit, planTags, type Environment, type TagPlan } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { readBuiltImage, writeBuiltImage, type BuiltImage } from '../built-image';
import { type ImageEngine, type Narrator, type PushOutcome } from '../engines/image-engine';
import { PipelineError } from '../pipeline-error';
import { type Repository, type RepositoryFinder } from '../registry/repository';
import { type Report } from '../report';
import { type ServiceImage } from '../service-image';
import { describePush, describePushPlan } from './describe-push';
import { planPush, type PushDecision } from './plan-push';
import { withRegistryFacts } from './pushed-image';
import { writePushFiles, type PushRecord } from './push-files';
import { retag } from './retag';
import { findStandingTags, type Manifests } from './standing-tags';
import { tagConflict } from './tag-conflict';

export interface PushServices {
  readonly engines: readonly ImageEngine[];
  readonly repositories: RepositoryFinder;
  /** The way to the manifests of a repository's registry. */
  readonly manifests: (repository: Repository) => Manifests;
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
  readonly manifests: Manifests;
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
  const manifests = services.manifests(repository);
  const found = await findStandingTags(manifests, repository.path, allOf(tags), image);
  const decision = planPush({ tags, lasting, found, mutability: repository.mutability });
  if (decision.conflicts.length > 0) {
    throw tagConflict(decision.conflicts, {
      repository: repository.name,
      projectRoot: service.projectRoot,
      image: image?.digest ?? image?.platforms[0]?.configDigest ?? 'another image',
    });
  }
  if (options.dryRun || !image) {
    return describePushPlan({ service, repository, image, decision });
  }
  const target = { repository, manifests, decision };
  const outcome = await send(image, target, service, services);
  const pushed = await withRegistryFacts(image, await digestOf(image, target), target);
  const record = recordOf(pushed, target, outcome, { options, commit, time });
  await writeBuiltImage(service.outDir, pushed);
  await writePushFiles(service.outDir, record);
  return describePush(record);
}

/** An image that stands gets its tags there; only another one is sent. */
async function send(
  image: BuiltImage,
  { repository, manifests, decision }: Target,
  service: ServiceImage,
  { engines, narrator }: PushServices,
): Promise<PushOutcome> {
  if (decision.standing) {
    await retag(manifests, repository.path, decision.standing, decision.set);
    return nothingSent;
  }
  const engine = engines.find(({ name }) => name === image.engine);
  if (!engine) throw notBuilt(service);
  return engine.push(
    {
      image,
      outDir: service.outDir,
      host: repository.host,
      scheme: repository.scheme,
      credentials: repository.credentials,
      repository: repository.path,
      tags: decision.set,
    },
    narrator,
  );
}

/** What the registry made of it: a Docker daemon does not tell. */
async function digestOf(image: BuiltImage, { repository, manifests, decision }: Target) {
  const known = decision.standing ?? image.digest;
  if (known) return known;
  const [tag = ''] = allOf(decision.set);
  const standing = await manifests.headManifest(repository.path, tag);
  if (standing) return standing.digest;
  throw new PipelineError(
    'PUSH_FAILED',
    `${repository.uri}:${tag} was pushed and is not there: look at the registry's log, and push again.`,
  );
}

function recordOf(
  image: BuiltImage & { digest: Digest },
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
