import { access } from 'node:fs/promises';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { digestOf } from '@typerush/oci';
import { PipelineError, writeJson, writeText } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { namespaceOf } from '../declared/namespaces';
import { inBatches } from '../in-batches';
import { type RepositoryAccess } from '../repository-access';
import { type StandingRegistry } from '../standing-registry';
import {
  backupFile,
  type BackupManifest,
  imagesFolder,
  repositoryFile,
  type RepositoryRecord,
} from './backup-format';
import { type FetchedImages, fetchImages } from './fetch-images';
import { repositoryRecord } from './repository-record';

export interface BackupRequest {
  readonly environment: Environment;
  /** Absolute. */
  readonly dir: string;
  /** `dir` as it is shown. */
  readonly shownDir: string;
  readonly withImages: boolean;
  /** The first parts of the names of the repositories that are meant. */
  readonly namespaces: ReadonlySet<string>;
}

export interface BackupPorts {
  readonly registry: StandingRegistry;
  readonly open: RepositoryAccess;
  readonly now: () => Date;
  readonly reporter: ProgressReporter;
}

export interface RepositoryBackup {
  readonly repository: string;
  readonly images: number;
  readonly tags: number;
  /** Bytes that came from the registry, and that the folder had. */
  readonly fetchedBytes: number;
  readonly presentBytes: number;
  /** Archived images, which can be recorded and not fetched. */
  readonly archived: number;
}

export interface BackupResult {
  readonly environment: Environment;
  readonly dir: string;
  readonly withImages: boolean;
  readonly repositories: readonly RepositoryBackup[];
}

/**
 * Writes down what stands, with the images themselves where they are asked for. A folder of an interrupted backup is taken
 * up: what it holds of the images is not fetched again.
 *
 * @throws PipelineError BACKUP_EXISTS; whatever the registry throws
 */
export async function backUp(request: BackupRequest, ports: BackupPorts): Promise<BackupResult> {
  const { environment, dir, shownDir, withImages, namespaces } = request;
  await refuseComplete(dir, shownDir);
  const startedAt = ports.now().toISOString();
  const all = await ports.registry.repositories();
  const ours = all.filter(({ name }) => namespaces.has(namespaceOf(name)));
  const records = await inBatches(ours, (each) =>
    repositoryRecord(ports.registry, each, withImages),
  );
  const fetched = withImages ? await fetchImages(path.join(dir, imagesFolder), records, ports) : [];
  const repositories = await writeRecords(dir, records);
  const manifest: BackupManifest = {
    format: 'registry-backup',
    version: 1,
    environment,
    registryId: ours[0]?.registryId ?? '',
    region: ours[0]?.arn.split(':')[3] ?? '',
    startedAt,
    completedAt: ports.now().toISOString(),
    withImages,
    repositories,
  };
  await writeJson(path.join(dir, backupFile), manifest);
  return {
    environment,
    dir: shownDir,
    withImages,
    repositories: records.map((record, index) => resultOf(record, withImages, fetched[index])),
  };
}

async function writeRecords(
  dir: string,
  records: readonly RepositoryRecord[],
): Promise<BackupManifest['repositories']> {
  const written = [];
  for (const record of records) {
    const text = `${JSON.stringify(record, null, 2)}\n`;
    await writeText(path.join(dir, repositoryFile(record.name)), text);
    written.push({ name: record.name, digest: digestOf(text), ...counts(record) });
  }
  return written;
}

const counts = ({ images }: RepositoryRecord) => ({
  images: images.length,
  tags: images.flatMap(({ tags }) => tags).length,
});

function resultOf(
  record: RepositoryRecord,
  withImages: boolean,
  fetched: FetchedImages = { fetchedBytes: 0, presentBytes: 0 },
): RepositoryBackup {
  const notHeld = record.images.filter(({ held }) => !held).length;
  return {
    repository: record.name,
    ...counts(record),
    ...fetched,
    archived: withImages ? notHeld : 0,
  };
}

async function refuseComplete(dir: string, shown: string): Promise<void> {
  const complete = await access(path.join(dir, backupFile)).then(
    () => true,
    () => false,
  );
  if (!complete) return;
  throw new PipelineError(
    'BACKUP_EXISTS',
    `${shown} holds a complete backup, which is not written over. Name another folder, or leave --to out.`,
  );
}
