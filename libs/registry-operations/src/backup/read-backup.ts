import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { digestOf, type Digest, OciError, OciLayout, parseManifest } from '@typerush/oci';
import { type z } from 'zod';
import { PipelineError } from '@typerush/pipeline-context';
import {
  backupFile,
  type BackupManifest,
  backupSchema,
  imagesFolder,
  repositoryFile,
  type RepositoryRecord,
  repositoryRecordSchema,
} from './backup-format';

/** A complete backup. */
export interface Backup {
  readonly manifest: BackupManifest;
  readonly repositories: readonly RepositoryRecord[];
  /** None in a backup without images. */
  readonly layout?: OciLayout;
}

/**
 * @param dir Absolute.
 * @param shown `dir` as it is shown.
 * @throws PipelineError BACKUP_MISSING, BACKUP_INCOMPLETE, BACKUP_DAMAGED
 */
export async function readBackup(dir: string, shown: string): Promise<Backup> {
  const text = await readText(path.join(dir, backupFile));
  if (text === undefined) throw await notComplete(dir, shown);
  const damaged = (file: string, cause: unknown) =>
    new PipelineError(
      'BACKUP_DAMAGED',
      `${shown}/${file} is not what the backup wrote: take another backup.`,
      { cause },
    );
  const manifest = parse(backupSchema, text, (cause) => damaged(backupFile, cause));
  const repositories = await Promise.all(
    manifest.repositories.map(async ({ name, digest }) => {
      const file = repositoryFile(name);
      const content = (await readText(path.join(dir, file))) ?? '';
      if (digestOf(content) !== digest) throw damaged(file, undefined);
      return parse(repositoryRecordSchema, content, (cause) => damaged(file, cause));
    }),
  );
  if (!manifest.withImages) return { manifest, repositories };
  const layout = await OciLayout.open(path.join(dir, imagesFolder)).catch((cause: unknown) => {
    throw damaged(imagesFolder, cause);
  });
  return { manifest, repositories, layout };
}

/** What each of these images refers to, as far as the layout has their manifests. */
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

/** undefined if the layout does not have it, or it is damaged. */
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

async function notComplete(dir: string, shown: string): Promise<PipelineError> {
  const started = await stat(dir).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return started
    ? new PipelineError(
        'BACKUP_INCOMPLETE',
        `${shown} has no ${backupFile}: the backup was interrupted, or this is no backup. ` +
          `Take it up where it stopped: nx run infra:backup --images --to=${shown}`,
      )
    : new PipelineError('BACKUP_MISSING', `There is no folder ${shown}. Name one with --from.`);
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
