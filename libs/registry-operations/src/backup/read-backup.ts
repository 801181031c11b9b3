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
  const manifest = parse(backupSchema, text, (cause) => damaged(backupFile, cause));
  const repositories = await Promise.all(
    manifest.repositories.map(async ({ name, digest }) => {
      const file = repositoryFile(name);
      const content = (await readText(path.join(dir, file))) ?? '';
      if (digestOf(content) !== digest) throw damaged(file, undefined);
      return parse(repositoryBackupSchema, content, (cause) => damaged(file, cause));
    }),
  );
  if (!manifest.withImages) return { manifest, repositories };
  const layout = await OciLayout.open(path.join(dir, imagesFolder)).catch((cause: unknown) => {
    throw damaged(imagesFolder, cause);
  });
  return { manifest, repositories, layout };
}

/** The digests that each of these images refers to, for the manifests that the layout contains. */
export async function backedUpReferences(
  layout: OciLayout | undefined,
  digests: readonly Digest[],
): Promise<ReadonlyMap<Digest, readonly Digest[]>> {
  const references = new Map<Digest, readonly Digest[]>();
  for (const digest of digests) {
    const bytes = await backedUpManifest(layout, digest);
    const parsed = bytes && parseManifest(bytes);
    if (!parsed) continue;
    const { children, subject } = parsed;
    references.set(
      digest,
      [...children, ...(subject ? [subject] : [])].map((one) => one.digest),
    );
  }
  return references;
}

/** undefined if the layout does not contain it or it is damaged. */
async function backedUpManifest(
  layout: OciLayout | undefined,
  digest: Digest,
): Promise<Buffer | undefined> {
  try {
    return await layout?.read(digest);
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
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

function parse<T>(schema: z.ZodType<T>, text: string, fail: (cause: unknown) => Error): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw fail(cause);
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
