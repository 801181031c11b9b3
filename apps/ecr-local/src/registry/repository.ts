import { tagMutabilities } from '@typerush/image-registry';
import { z } from 'zod';

const exclusionFilterSchema = z.object({ filterType: z.literal('WILDCARD'), filter: z.string() });

/** One image (or index, or artifact) as it is kept. Its manifest's bytes and its layers lie in the blob store. */
const storedImageSchema = z.object({
  digest: z.string(),
  mediaType: z.string(),
  /** The config's media type, or the artifactType of an OCI 1.1 artifact. */
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  /** Bytes of the manifest itself. */
  manifestSize: z.number(),
  /** As ECR counts: config and compressed layers; of an index, its largest child. */
  size: z.number(),
  pushedAt: z.iso.datetime(),
  pulledAt: z.iso.datetime().optional(),
  tags: z.array(z.string()),
  /** Digests of the config and the layers. */
  blobs: z.array(z.string()),
  /** Digests of the manifests that an index lists. */
  children: z.array(z.string()),
  subject: z.string().optional(),
});

/** A repository and everything in it, but for bytes: one document. */
export const repositorySchema = z.object({
  /** Names the blobs of this repository; another one with the same name, made later, has another. */
  id: z.string(),
  name: z.string(),
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
  policy: z.string().optional(),
  images: z.array(storedImageSchema),
});

export type StoredImage = Readonly<z.infer<typeof storedImageSchema>>;
export type Repository = Readonly<z.infer<typeof repositorySchema>>;

export const imageOfDigest = (repository: Repository, digest: string): StoredImage | undefined =>
  repository.images.find((image) => image.digest === digest);

export const imageOfTag = (repository: Repository, tag: string): StoredImage | undefined =>
  repository.images.find((image) => image.tags.includes(tag));

/** The buckets of the blob store that belong to a repository. */
export const layerBucket = ({ id }: Pick<Repository, 'id'>): string => `${id}-layers`;
export const manifestBucket = ({ id }: Pick<Repository, 'id'>): string => `${id}-manifests`;

/** Whether a bucket is one of a repository, which still exists or not; `id` is a random UUID. */
export const isRepositoryBucket = (bucket: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-(layers|manifests)$/.test(bucket);
