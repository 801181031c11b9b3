import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { digestOf, type Digest, OciError, OciLayout, parseManifest } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { type z } from 'zod';
import {
  backupFile,
  type BackupManifest,
  backupSchema,
  imagesFolder,
  type RepositoryBackup,
  repositoryBackupSchema,
  repositoryFile,
} from './backup-format';

/** A complete backup. */
export interface Backup {
  readonly manifest: BackupManifest;
  readonly repositories: readonly RepositoryBackup[];
  /** undefined for a backup without images. */
  readonly layout?: OciLayout;
}

/**
 * @param dir Absolute.
 * @param shown `dir` as it is shown.
 * @param environment Named in the remedy for an incomplete backup.
 * @throws PipelineError BACKUP_MISSING, BACKUP_INCOMPLETE, BACKUP_DAMAGED
 */
export async function readBackup(
  dir: string,
  shown: string,
  environment: Environment,
): Promise<Backup> {
  const text = await readText(path.join(dir, backupFile));
  if (text === undefined) throw await notComplete(dir, shown, environment);
  const damaged = (file: string, cause: unknown) =>
    new PipelineError(
      'BACKUP_DAMAGED',
      `Cannot read ${shown}/${file}: it is missing or was changed after the backup.\nFix: use another backup, or take a new one.`,
      { cause },
    );
  const parse = <T>(file: string, schema: z.ZodType<T>, json: string): T => {
    try {
      return schema.parse(JSON.parse(json));
    } catch (cause) {
      throw damaged(file, cause);
    }
  };
  const manifest = parse(backupFile, backupSchema, text);
  const repositories = await Promise.all(
    manifest.repositories.map(async ({ name, digest }) => {
      const file = repositoryFile(name);
      const content = (await readText(path.join(dir, file))) ?? '';
      if (digestOf(content) !== digest) throw damaged(file, undefined);
      return parse(file, repositoryBackupSchema, content);
    }),
  );
  if (!manifest.withImages) return { manifest, repositories };
  const layout = await OciLayout.open(path.join(dir, imagesFolder)).catch((cause: unknown) => {
    throw damaged(imagesFolder, cause);
  });
  return { manifest, repositories, layout };
}

/** The digests that each of these images refers to, for the undamaged manifests that the layout contains. */
export async function backedUpReferences(
  layout: OciLayout | undefined,
  digests: readonly Digest[],
): Promise<ReadonlyMap<Digest, readonly Digest[]>> {
  const references = new Map<Digest, readonly Digest[]>();
  for (const digest of digests) {
    const manifest = await layout?.read(digest).catch((error: unknown) => {
      if (!(error instanceof OciError)) throw error;
    });
    const parsed = manifest && parseManifest(manifest);
    if (!parsed) continue;
    const { children, subject } = parsed;
    const referred = subject ? [...children, subject] : children;
    references.set(
      digest,
      referred.map((one) => one.digest),
    );
  }
  return references;
}

async function notComplete(
  dir: string,
  shown: string,
  environment: Environment,
): Promise<PipelineError> {
  const started = await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return started
    ? new PipelineError(
        'BACKUP_INCOMPLETE',
        `${shown} has no ${backupFile}: the backup was interrupted, or the folder is not a backup.\n` +
          `Fix: resume the backup: nx run infra:backup -c ${environment} --images --to=${shown}`,
      )
    : new PipelineError(
        'BACKUP_MISSING',
        `There is no folder ${shown}.\nFix: name the folder of a backup with --from.`,
      );
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
