import { access } from 'node:fs/promises';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { digestOf } from '@typerush/oci';
import { PipelineError, writeJson, writeText } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { inNamespaces } from '../declared/declared';
import { inBatches, type RemoteRegistry, type RepositoryDescription } from '../remote-registry';
import {
  backupFile,
  type BackupManifest,
  imagesFolder,
  type RepositoryBackup,
  repositoryFile,
} from './backup-format';
import { type FetchedBytes, fetchImages } from './fetch-images';

export interface BackupRequest {
  readonly environment: Environment;
  /** Absolute. */
  readonly dir: string;
  /** `dir` as it is shown. */
  readonly shownDir: string;
  readonly withImages: boolean;
  /** Only repositories in these namespaces are backed up. */
  readonly namespaces: ReadonlySet<string>;
}

export interface BackupPorts {
  readonly registry: RemoteRegistry;
  readonly now: () => Date;
  readonly reporter: ProgressReporter;
}

export interface BackupResult {
  readonly environment: Environment;
  readonly dir: string;
  readonly withImages: boolean;
  readonly repositories: readonly (FetchedBytes & {
    readonly repository: string;
    readonly images: number;
    readonly tags: number;
    /** Archived images, of which only metadata can be backed up; 0 without images. */
    readonly archived: number;
  })[];
}

/**
 * Backs up the metadata of repositories and images and, if requested, the images. It resumes an interrupted backup: images
 * that are in the folder are not fetched again.
 *
 * @throws PipelineError BACKUP_EXISTS, and the errors of the registry
 */
export async function backUp(request: BackupRequest, ports: BackupPorts): Promise<BackupResult> {
  const { environment, dir, shownDir, withImages, namespaces } = request;
  const { registry, now } = ports;
  await refuseComplete(dir, shownDir);
  const startedAt = now().toISOString();
  const described = (await registry.repositories()).filter(inNamespaces(namespaces));
  const backups = await inBatches(described, (each) => describeContent(registry, each, withImages));
  const fetched = withImages ? await fetchImages(path.join(dir, imagesFolder), backups, ports) : [];
  const manifest: BackupManifest = {
    format: 'registry-backup',
    version: 1,
    environment,
    registryId: described[0]?.registryId ?? '',
    region: described[0]?.arn.split(':')[3] ?? '',
    startedAt,
    repositories: await writeRepositories(dir, backups),
    completedAt: now().toISOString(),
    withImages,
  };
  await writeJson(path.join(dir, backupFile), manifest);
  return {
    environment,
    dir: shownDir,
    withImages,
    repositories: backups.map((backup, index) => ({
      repository: backup.name,
      ...counts(backup),
      ...(fetched[index] ?? { fetchedBytes: 0, presentBytes: 0 }),
      archived: withImages ? backup.images.filter(({ held }) => !held).length : 0,
    })),
  };
}

async function describeContent(
  registry: RemoteRegistry,
  repository: RepositoryDescription,
  withImages: boolean,
): Promise<RepositoryBackup> {
  const [images, actual] = await Promise.all([
    registry.images(repository.name),
    registry.readRepository(repository),
  ]);
  const { name, arn, mutability, scanOnPush, encryption } = actual;
  const filters = mutability.imageTagMutabilityExclusionFilters ?? [];
  return {
    name,
    arn,
    imageTagMutability: mutability.imageTagMutability,
    imageTagMutabilityExclusionFilters: filters.map(({ filter }) => filter),
    scanOnPush,
    encryption,
    lifecyclePolicy: actual.lifecyclePolicy ?? null,
    repositoryPolicy: actual.repositoryPolicy ?? null,
    resourceTags: { ...actual.resourceTags },
    images: images.map(
      ({ digest, mediaType, artifactType, tags, pushedAt, size, subject, storageClass }) => ({
        digest,
        mediaType,
        artifactType,
        tags: [...tags],
        pushedAt: pushedAt.toISOString(),
        size,
        subject,
        // An archived image cannot be pulled.
        held: withImages && storageClass === 'standard',
      }),
    ),
  };
}

async function writeRepositories(
  dir: string,
  backups: readonly RepositoryBackup[],
): Promise<BackupManifest['repositories']> {
  const written = [];
  for (const backup of backups) {
    const text = `${JSON.stringify(backup, null, 2)}\n`;
    await writeText(path.join(dir, repositoryFile(backup.name)), text);
    written.push({ name: backup.name, digest: digestOf(text), ...counts(backup) });
  }
  return written;
}

const counts = ({ images }: RepositoryBackup) => ({
  images: images.length,
  tags: images.flatMap(({ tags }) => tags).length,
});

async function refuseComplete(dir: string, shown: string): Promise<void> {
  const isComplete = await access(path.join(dir, backupFile)).then(
    () => true,
    () => false,
  );
  if (!isComplete) return;
  throw new PipelineError(
    'BACKUP_EXISTS',
    `Cannot back up to ${shown}: it contains a complete backup, which is not overwritten.\n` +
      'Fix: name another folder with --to, or leave --to out.',
  );
}
