import { type TagMutabilitySetting } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import * as z from 'zod';
import { repositoryType, type SynthesizedStack } from './read-assembly';
import { type PseudoParameters, resolveIntrinsics, unknownText } from './resolve-intrinsics';

/** A repository in a template, with CloudFormation's defaults. */
export interface DeclaredRepository {
  readonly name: string;
  readonly mutability: TagMutabilitySetting;
  readonly scanOnPush: boolean;
  readonly encryption: { readonly type: string; readonly kmsKey?: string };
  /** The text of the policy; undefined if none is declared. */
  readonly lifecyclePolicy?: string;
  /** The document; undefined if none is declared. */
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
  return resourcesOf(stacks, repositoryType)
    .map(({ where, properties }) => parseProperties(resolveIntrinsics(properties, pseudo), where))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function resourcesOf(stacks: readonly SynthesizedStack[], type: string) {
  return stacks.flatMap(({ name, template }) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, { Properties }]) => ({ where: `${name}: ${id}`, properties: Properties })),
  );
}

function parseProperties(properties: unknown, where: string): DeclaredRepository {
  const parsed = propertiesSchema.safeParse(properties);
  if (!parsed.success) {
    throw new PipelineError(
      'DECLARATION_UNREADABLE',
      `Cannot read the repository that ${where} declares:\n${z.prettifyError(parsed.error)}\n` +
        'Fix: synthesize again with nx run infra:synth; if that does not help, correct the stack.',
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

/** The first part of a repository's name; all of a name with one part. */
const namespaceOf = (name: string) => name.split('/', 1)[0] ?? name;

/** The namespaces of the declared repositories. All repositories in them belong to the stacks. */
export function declaredNamespaces(stacks: readonly SynthesizedStack[]): ReadonlySet<string> {
  const names = resourcesOf(stacks, repositoryType)
    .map(({ properties }) => properties['RepositoryName'])
    .filter((name) => typeof name === 'string');
  return namespacesOf(names);
}

export const namespacesOf = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.map(namespaceOf));

/** A filter of repositories. */
export const inNamespaces =
  (namespaces: ReadonlySet<string>) =>
  ({ name }: { readonly name: string }) =>
    namespaces.has(namespaceOf(name));

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html */
const budgetSchema = z.looseObject({
  Budget: z.looseObject({
    TimeUnit: z.literal('MONTHLY'),
    BudgetLimit: z.looseObject({ Amount: z.coerce.number(), Unit: z.literal('USD') }),
  }),
});

/** The first monthly budget that the stacks declare, in USD; undefined if there is none. */
export function declaredBudget(stacks: readonly SynthesizedStack[]): number | undefined {
  return resourcesOf(stacks, 'AWS::Budgets::Budget')
    .map(({ properties }) => budgetSchema.safeParse(properties).data?.Budget.BudgetLimit.Amount)
    .find((amount) => amount !== undefined);
}
