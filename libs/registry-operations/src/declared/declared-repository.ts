import { type TagMutabilitySetting } from '@typerush/image-registry';
import { z } from 'zod';
import { PipelineError } from '@typerush/pipeline-context';
import { type SynthesizedStack } from './read-assembly';
import { type PseudoParameters, resolve, unknownText } from './resolve';
import { repositoryType } from './template';

/** A repository as its template declares it, CloudFormation's defaults filled in. */
export interface DeclaredRepository {
  readonly name: string;
  readonly mutability: TagMutabilitySetting;
  readonly scanOnPush: boolean;
  readonly encryption: { readonly type: string; readonly kmsKey?: string };
  /** The text of the policy, undefined where none is declared. */
  readonly lifecyclePolicy?: string;
  /** The document, undefined where none is declared. */
  readonly repositoryPolicy?: unknown;
  /** The tags of the repository itself, by key. */
  readonly resourceTags: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html */
const propertiesSchema = z.looseObject({
  RepositoryName: z.string().refine((name) => !name.includes(unknownText)),
  ImageTagMutability: z
    .enum(['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'])
    .default('MUTABLE'),
  ImageTagMutabilityExclusionFilters: z
    .array(
      z.looseObject({
        ImageTagMutabilityExclusionFilterType: z.string(),
        ImageTagMutabilityExclusionFilterValue: z.string(),
      }),
    )
    .optional(),
  ImageScanningConfiguration: z
    .looseObject({ ScanOnPush: z.union([z.boolean(), z.stringbool()]).default(false) })
    .prefault({}),
  EncryptionConfiguration: z
    .looseObject({ EncryptionType: z.string().default('AES256'), KmsKey: z.string().optional() })
    .prefault({}),
  LifecyclePolicy: z.looseObject({ LifecyclePolicyText: z.string().optional() }).optional(),
  RepositoryPolicyText: z.unknown().optional(),
  Tags: z.array(z.looseObject({ Key: z.string(), Value: z.string() })).default([]),
});

/**
 * The repositories that the stacks declare, by name.
 *
 * @throws PipelineError DECLARATION_UNREADABLE
 */
export function declaredRepositories(
  stacks: readonly SynthesizedStack[],
  pseudo: PseudoParameters,
): readonly DeclaredRepository[] {
  return stacks
    .flatMap(({ name, template }) =>
      Object.entries(template.Resources)
        .filter(([, { Type }]) => Type === repositoryType)
        .map(([id, { Properties }]) => declared(resolve(Properties, pseudo), `${name}: ${id}`)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function declared(properties: unknown, where: string): DeclaredRepository {
  const parsed = propertiesSchema.safeParse(properties);
  if (!parsed.success) {
    throw new PipelineError(
      'DECLARATION_UNREADABLE',
      `${where} declares a repository that cannot be compared:\n${z.prettifyError(parsed.error)}`,
    );
  }
  const { data } = parsed;
  const { EncryptionType, KmsKey } = data.EncryptionConfiguration;
  return {
    name: data.RepositoryName,
    mutability: {
      imageTagMutability: data.ImageTagMutability,
      imageTagMutabilityExclusionFilters: data.ImageTagMutabilityExclusionFilters?.map(
        ({ ImageTagMutabilityExclusionFilterValue: filter }) => ({
          filterType: 'WILDCARD',
          filter,
        }),
      ),
    },
    scanOnPush: data.ImageScanningConfiguration.ScanOnPush,
    encryption: { type: EncryptionType, ...(KmsKey && { kmsKey: KmsKey }) },
    lifecyclePolicy: data.LifecyclePolicy?.LifecyclePolicyText,
    repositoryPolicy: data.RepositoryPolicyText,
    resourceTags: Object.fromEntries(data.Tags.map(({ Key, Value }) => [Key, Value])),
  };
}
