import { tagMutabilities } from '@typerush/image-registry';
import { z } from 'zod';
import { type Images } from './images';

const exclusionFilterSchema = z.object({ filterType: z.literal('WILDCARD'), filter: z.string() });

/** Everything of a repository but its images. */
export const settingsSchema = z.object({
  /** Names the blobs of this repository; another one with the same name, made later, has another. */
  id: z.string(),
  name: z.string(),
  /** The registry that it is in, `<account>/<region>`. @default the one of this process: earlier versions had no other */
  home: z.string().optional(),
  createdAt: z.iso.datetime(),
  imageTagMutability: z.enum(tagMutabilities),
  imageTagMutabilityExclusionFilters: z.array(exclusionFilterSchema).optional(),
  scanOnPush: z.boolean(),
  encryption: z.object({
    encryptionType: z.enum(['AES256', 'KMS', 'KMS_DSSE']),
    kmsKey: z.string().optional(),
  }),
  resourceTags: z.array(z.object({ Key: z.string(), Value: z.string() })),
  lifecyclePolicy: z.string().optional(),
  lifecycleSetAt: z.iso.datetime().optional(),
  lifecycleEvaluatedAt: z.iso.datetime().optional(),
  policy: z.string().optional(),
});

export type RepositorySettings = Readonly<z.infer<typeof settingsSchema>>;

/** A repository as it is in memory. The settings are those of a moment, the images the present ones. */
export type Repository = RepositorySettings & { readonly images: Images };

/** The buckets of the blob store that belong to a repository. */
export const layerBucket = ({ id }: Pick<Repository, 'id'>): string => `${id}-layers`;
export const manifestBucket = ({ id }: Pick<Repository, 'id'>): string => `${id}-manifests`;

/** Whether a bucket is one of a repository, which still exists or not; `id` is a random UUID. */
export const isRepositoryBucket = (bucket: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-(layers|manifests)$/.test(bucket);
