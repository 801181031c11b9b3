import { type Environment } from '@typerush/image-registry';
import { copy, type OciLayout, RemoteRepository } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { type RepositoryRecord } from '../backup/backup-format';
import { type Backup, backedUpReferences } from '../backup/read-backup';
import { type RepositoryAccess } from '../repository-access';
import { type StandingRegistry, type StandingRepository } from '../standing-registry';
import { type PlannedImage, type PlannedTag, planRestore } from './plan-restore';

export interface RestoreRequest {
  readonly environment: Environment;
  readonly backup: Backup;
  /** Only this repository. */
  readonly repository?: string;
  /** Move tags that point to another image. */
  readonly force: boolean;
  /** Change nothing. */
  readonly dryRun: boolean;
}

export interface RestorePorts {
  readonly registry: StandingRegistry;
  readonly open: RepositoryAccess;
  readonly reporter: ProgressReporter;
}

export interface RestoredRepository {
  readonly repository: string;
  readonly images: readonly PlannedImage[];
}

export interface RestoreResult {
  readonly environment: Environment;
  readonly dryRun: boolean;
  readonly repositories: readonly RestoredRepository[];
}

/**
 * Brings back the images and tags of a backup that are missing.
 *
 * @throws PipelineError BACKUP_OF_ANOTHER_ENVIRONMENT, REPOSITORY_NOT_IN_BACKUP, REPOSITORY_MISSING before anything is
 * changed; whatever the registry throws
 */
export async function restoreRegistry(
  request: RestoreRequest,
  ports: RestorePorts,
): Promise<RestoreResult> {
  const { environment, backup, dryRun } = request;
  const records = selected(request);
  const remote = await remoteRepositories(records, request, ports.registry);
  const planned = [];
  for (const [index, record] of records.entries()) {
    const { mutability } = remote[index] as StandingRepository;
    planned.push({
      repository: record.name,
      images: planRestore({
        record,
        mutability,
        force: request.force,
        existing: await ports.registry.images(record.name),
        references: await backedUpReferences(
          backup.layout,
          record.images.map(({ digest }) => digest),
        ),
      }),
    });
  }
  if (dryRun) return { environment, dryRun, repositories: planned };
  const repositories = [];
  for (const each of planned) repositories.push(await carryOut(each, backup.layout, ports));
  return { environment, dryRun, repositories };
}

function selected({ environment, backup, repository }: RestoreRequest): RepositoryRecord[] {
  const of = backup.manifest.environment;
  if (of !== environment) {
    throw new PipelineError(
      'BACKUP_OF_ANOTHER_ENVIRONMENT',
      `This is a backup of ${of}, not of ${environment}. Restore it there: -c ${of}`,
    );
  }
  const records = backup.repositories.filter(
    ({ name }) => repository === undefined || name === repository,
  );
  if (records.length > 0 || repository === undefined) return records;
  const names = backup.repositories.map(({ name }) => name).join(', ');
  throw new PipelineError(
    'REPOSITORY_NOT_IN_BACKUP',
    `The backup knows no repository ${repository}, but: ${names || 'none'}.`,
  );
}

async function remoteRepositories(
  records: readonly RepositoryRecord[],
  { environment }: RestoreRequest,
  registry: StandingRegistry,
): Promise<readonly StandingRepository[]> {
  const byName = new Map((await registry.repositories()).map((each) => [each.name, each]));
  const missing = records.filter(({ name }) => !byName.has(name)).map(({ name }) => name);
  if (missing.length === 0) return records.flatMap(({ name }) => byName.get(name) ?? []);
  throw new PipelineError(
    'REPOSITORY_MISSING',
    `Images go into repositories that exist, and these do not: ${missing.join(', ')}. ` +
      `Create what is declared: nx run infra:deploy -c ${environment}. Or restore another one alone: --repository=NAME`,
  );
}

async function carryOut(
  { repository, images }: RestoredRepository,
  layout: OciLayout | undefined,
  { open, reporter }: RestorePorts,
): Promise<RestoredRepository> {
  const { client, path } = await open(repository);
  const target = new RemoteRepository(client, path);
  const done: PlannedImage[] = [];
  for (const planned of images) {
    const { image, action } = planned;
    if (layout && action === 'push') {
      await copy(layout, image.digest, target);
      reporter.progress(`${repository} ${image.digest}`);
    }
    done.push({ ...planned, tags: await setTags(planned, target) });
  }
  return { repository, images: done };
}

async function setTags(
  { image: { digest }, tags }: PlannedImage,
  target: RemoteRepository,
): Promise<PlannedTag[]> {
  const isDue = ({ action }: PlannedTag) => action === 'create' || action === 'move';
  if (!tags.some(isDue)) return [...tags];
  const manifest = await target.client.getManifest(target.repository, digest);
  const done: PlannedTag[] = [];
  for (const planned of tags) {
    // Another client may have set it since the plan was made.
    const current = planned.action === 'create' ? await target.resolve(planned.tag) : undefined;
    if (current && current.digest !== digest) {
      done.push({ tag: planned.tag, action: 'conflict', currentDigest: current.digest });
      continue;
    }
    if (isDue(planned)) await target.tag(manifest, planned.tag);
    done.push(planned);
  }
  return done;
}
