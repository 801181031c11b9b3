import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Environment, environments, isRepositoryName } from '@typerush/image-registry';
import { digestSchema } from '@typerush/oci';
import * as z from 'zod';

/**
 * A backup is a folder:
 *
 * - `repositories/<name>.json`: a repository, its policies and metadata of its images;
 * - `images/`: with `--images`, one OCI image layout with the images of all repositories;
 * - `backup.json`: the manifest. It is written last, in one step: a folder without it is not a backup.
 */
export const backupFile = 'backup.json';
export const imagesFolder = 'images';
export const repositoryFile = (name: string) => `repositories/${name}.json`;

/** Where backups of an environment are by default, relative to the workspace root. */
const backupsFolder = (environment: Environment) => path.posix.join('backups', environment);

/** Named after the time, so that backups sort by name; without colons, which not every file system allows. */
export const defaultBackupFolder = (environment: Environment, now: Date) =>
  path.posix.join(
    backupsFolder(environment),
    now
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replaceAll(':', '-'),
  );

/** The folders of an environment's backups, complete or not, relative to the workspace root; newest first. */
export async function backupFolders(
  workspaceRoot: string,
  environment: Environment,
): Promise<readonly string[]> {
  const parent = backupsFolder(environment);
  const entries = await readdir(path.join(workspaceRoot, parent), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.posix.join(parent, name))
    .sort()
    .reverse();
}

// It becomes part of a path.
const nameSchema = z.string().refine(isRepositoryName, 'expected the name of a repository');

const imageRecordSchema = z.strictObject({
  digest: digestSchema,
  mediaType: z.string(),
  artifactType: z.string().optional(),
  tags: z.array(z.string()),
  pushedAt: z.iso.datetime(),
  size: z.number(),
  subject: digestSchema.optional(),
  /** Whether `images/` contains it. */
  held: z.boolean(),
});
export type ImageRecord = z.infer<typeof imageRecordSchema>;

export const repositoryBackupSchema = z.strictObject({
  name: nameSchema,
  arn: z.string(),
  imageTagMutability: z.string(),
  imageTagMutabilityExclusionFilters: z.array(z.string()),
  scanOnPush: z.boolean(),
  encryption: z.strictObject({ type: z.string(), kmsKey: z.string().optional() }),
  lifecyclePolicy: z.string().nullable(),
  repositoryPolicy: z.string().nullable(),
  resourceTags: z.record(z.string(), z.string()),
  /** Oldest push first. */
  images: z.array(imageRecordSchema),
});
export type RepositoryBackup = z.infer<typeof repositoryBackupSchema>;

export const backupSchema = z.strictObject({
  format: z.literal('registry-backup'),
  version: z.literal(1),
  environment: z.enum(environments),
  /** The account. */
  registryId: z.string(),
  region: z.string(),
  startedAt: z.iso.datetime(),
  completedAt: z.iso.datetime(),
  withImages: z.boolean(),
  repositories: z.array(
    z.strictObject({
      name: nameSchema,
      /** Of the repository's file. */
      digest: digestSchema,
      images: z.int(),
      tags: z.int(),
    }),
  ),
});
export type BackupManifest = z.infer<typeof backupSchema>;
