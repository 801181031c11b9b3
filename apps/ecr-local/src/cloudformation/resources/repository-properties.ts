import { z } from 'zod';
import { type DesiredResource } from './resource-handler';
import { ResourceError } from './resource-error';

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((v) => v === 'true')]);
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const policyText = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((p) => JSON.stringify(p)),
]);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html */
const repositoryProperties = z.strictObject({
  RepositoryName: z.string().optional(),
  EmptyOnDelete: flag.default(false),
  EncryptionConfiguration: z
    .strictObject({
      EncryptionType: z.enum(['AES256', 'KMS', 'KMS_DSSE']),
      KmsKey: z.string().optional(),
    })
    .transform(({ EncryptionType, KmsKey }) => ({
      encryptionType: EncryptionType,
      ...(KmsKey !== undefined && { kmsKey: KmsKey }),
    }))
    .default({ encryptionType: 'AES256' }),
  ImageScanningConfiguration: z
    .strictObject({ ScanOnPush: flag.default(false) })
    .transform(({ ScanOnPush }) => ({ scanOnPush: ScanOnPush }))
    .default({ scanOnPush: false }),
  ImageTagMutability: z
    .enum(['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'])
    .default('MUTABLE'),
  ImageTagMutabilityExclusionFilters: z
    .array(
      z
        .strictObject({
          ImageTagMutabilityExclusionFilterType: z.literal('WILDCARD'),
          ImageTagMutabilityExclusionFilterValue: z.string(),
        })
        .transform((filter) => ({
          filterType: filter.ImageTagMutabilityExclusionFilterType,
          filter: filter.ImageTagMutabilityExclusionFilterValue,
        })),
    )
    .optional(),
  LifecyclePolicy: z
    .strictObject({ LifecyclePolicyText: policyText.optional(), RegistryId: z.string().optional() })
    .optional(),
  RepositoryPolicyText: policyText.optional(),
  Tags: z.array(z.strictObject({ Key: text, Value: text })).default([]),
});

export type RepositoryProperties = z.infer<typeof repositoryProperties>;

export function parseRepositoryProperties({
  logicalId,
  properties,
}: Pick<DesiredResource, 'logicalId' | 'properties'>): RepositoryProperties {
  const parsed = repositoryProperties.safeParse(properties);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `#${pointer(issue.path)}: extraneous key [${issue.keys.join(', ')}] is not permitted`
      : `#${pointer(issue.path)}: ${issue.message}`,
  );
  throw new ResourceError(
    'InvalidRequest',
    `Properties validation failed for resource ${logicalId} with message: ${problems.join(', ')}`,
  );
}

const pointer = (path: readonly PropertyKey[]) => path.map((step) => `/${String(step)}`).join('');
