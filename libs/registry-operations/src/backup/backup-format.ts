import { environments, isRepositoryName } from '@typerush/image-registry';
import { isDigest, type Digest } from '@typerush/oci';
import { z } from 'zod';

/**
 * A backup is a folder:
 *
 * - `repositories/<name>.json`: a repository, its policies and its images;
 * - `images/`: with `--images`, one OCI image layout that holds the images of all repositories;
 * - `backup.json`: what there is. It is written last, in one step: without it a folder is no backup.
 */
export const backupFile = 'backup.json';
export const imagesFolder = 'images';
export const repositoryFile = (name: string) => `repositories/${name}.json`;

const digestSchema = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), {
  error: 'expected sha256:<64 hex digits>',
});
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
  /** Whether `images/` holds it. */
  held: z.boolean(),
});
export type ImageRecord = z.infer<typeof imageRecordSchema>;

export const repositoryRecordSchema = z.strictObject({
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
export type RepositoryRecord = z.infer<typeof repositoryRecordSchema>;

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
