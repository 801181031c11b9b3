import { type Environment } from '@typerush/image-registry';
import { copy, type OciLayout, type RemoteRepository } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { type RepositoryBackup } from '../backup/backup-format';
import { type Backup, backedUpReferences } from '../backup/read-backup';
import { type RemoteRegistry } from '../remote-registry';
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
  readonly registry: RemoteRegistry;
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
 * Restores the missing images and tags of a backup.
 *
 * @throws PipelineError BACKUP_OF_ANOTHER_ENVIRONMENT, REPOSITORY_NOT_IN_BACKUP, REPOSITORY_MISSING before anything is
 * changed, and the errors of the registry
 */
export async function restoreRegistry(
  request: RestoreRequest,
  ports: RestorePorts,
): Promise<RestoreResult> {
  const { environment, backup, force, dryRun } = request;
  const { registry } = ports;
  const planned: RestoredRepository[] = [];
  for (const { selected, mutability } of await existingRepositories(request, registry)) {
    const digests = selected.images.map(({ digest }) => digest);
    const images = planRestore({
      backup: selected,
      mutability,
      force,
      existing: await registry.images(selected.name),
      references: await backedUpReferences(backup.layout, digests),
    });
    planned.push({ repository: selected.name, images });
  }
  if (dryRun) return { environment, dryRun, repositories: planned };
  const repositories = [];
  for (const each of planned) repositories.push(await carryOut(each, backup.layout, ports));
  return { environment, dryRun, repositories };
}

/** The repositories to restore, each with the tag mutability in the registry. */
async function existingRepositories(request: RestoreRequest, registry: RemoteRegistry) {
  const selected = selectRepositories(request);
  const existing = new Map((await registry.repositories()).map((each) => [each.name, each]));
  const found = selected.flatMap((each) => {
    const mutability = existing.get(each.name)?.mutability;
    return mutability ? [{ selected: each, mutability }] : [];
  });
  if (found.length === selected.length) return found;
  const missing = selected.filter(({ name }) => !existing.has(name)).map(({ name }) => name);
  throw new PipelineError(
    'REPOSITORY_MISSING',
    `Cannot restore images into repositories that do not exist: ${missing.join(', ')}.\nNothing was changed.\n` +
      `Fix: create the declared repositories: nx run infra:deploy -c ${request.environment}\n` +
      '     or restore only another repository: --repository=NAME',
  );
}

function selectRepositories({
  environment,
  backup,
  repository,
}: RestoreRequest): readonly RepositoryBackup[] {
  const of = backup.manifest.environment;
  if (of !== environment) {
    throw new PipelineError(
      'BACKUP_OF_ANOTHER_ENVIRONMENT',
      `Cannot restore ${environment}: this is a backup of ${of}.\nFix: restore it with -c ${of}`,
    );
  }
  const selected = backup.repositories.filter(
    ({ name }) => repository === undefined || name === repository,
  );
  if (selected.length > 0 || repository === undefined) return selected;
  const names = backup.repositories.map(({ name }) => name).join(', ');
  throw new PipelineError(
    'REPOSITORY_NOT_IN_BACKUP',
    `The backup does not contain the repository ${repository}.\n` +
      `Fix: pass --repository with one that it contains: ${names || 'none'}.`,
  );
}

async function carryOut(
  { repository, images }: RestoredRepository,
  layout: OciLayout | undefined,
  { registry, reporter }: RestorePorts,
): Promise<RestoredRepository> {
  const target = await registry.open(repository);
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
