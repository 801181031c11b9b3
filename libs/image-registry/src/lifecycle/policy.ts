import * as z from 'zod';

/**
 * The shape of a lifecycle policy document. What one rule may combine with what, and the rules with one another, is
 * {@link parseLifecyclePolicy}'s part.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
const selectionSchema = z.strictObject({
  tagStatus: z.enum(['tagged', 'untagged', 'any'], 'must be one of tagged, untagged, any'),
  /** A list selects an image only if every entry matches one of its tags. */
  tagPatternList: z.array(z.string().min(1)).min(1).optional(),
  tagPrefixList: z.array(z.string().min(1)).min(1).optional(),
  storageClass: z.enum(['standard', 'archive'], 'must be one of standard, archive').optional(),
  countType: z.enum(
    ['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'],
    'must be one of imageCountMoreThan, sinceImagePushed, sinceImagePulled, sinceImageTransitioned',
  ),
  countUnit: z.literal('days', 'must be days').optional(),
  countNumber: z
    .int('must be a whole number of 1 or more')
    .min(1, 'must be a whole number of 1 or more'),
});

const actionSchema = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('expire') }),
    z.strictObject({
      type: z.literal('transition'),
      targetStorageClass: z.literal('archive', 'must be archive'),
    }),
  ],
  'must be {"type": "expire"} or {"type": "transition", "targetStorageClass": "archive"}',
);

const ruleSchema = z.strictObject({
  rulePriority: z
    .int('must be a whole number of 1 or more')
    .min(1, 'must be a whole number of 1 or more'),
  description: z.string().optional(),
  selection: selectionSchema,
  action: actionSchema,
});

export const lifecyclePolicySchema = z.strictObject({
  rules: z
    .array(ruleSchema)
    .min(1, 'must hold at least one rule')
    .max(50, 'must hold at most 50 rules'),
});

export type LifecyclePolicy = z.infer<typeof lifecyclePolicySchema>;
export type LifecycleRule = z.infer<typeof ruleSchema>;
export type LifecycleSelection = z.infer<typeof selectionSchema>;
export type StorageClass = 'standard' | 'archive';

/** The class whose images a rule selects. */
export function storageClassOf(rule: LifecycleRule): StorageClass {
  return rule.selection.storageClass ?? 'standard';
}

/** No tag contains it. */
const unmatchable = '\u0000';

/**
 * What a rule's lists require of tags, as wildcard patterns; empty if the rule has no list. In a prefix `*` is not a
 * wildcard but an ordinary character, which no tag contains.
 */
export function tagPatterns({ tagPatternList, tagPrefixList }: LifecycleSelection): string[] {
  return (
    tagPatternList ??
    tagPrefixList?.map((prefix) => `${prefix.replaceAll('*', unmatchable)}*`) ??
    []
  );
}

/** The entries of a rule's lists as they are written, for messages; a prefix with the `*` that it implies. */
export function tagListEntries({ tagPatternList, tagPrefixList }: LifecycleSelection): string[] {
  return tagPatternList ?? tagPrefixList?.map((prefix) => `${prefix}*`) ?? [];
}

/** The rules in the order in which ECR applies them. */
export function byPriority(policy: LifecyclePolicy): LifecycleRule[] {
  return [...policy.rules].sort((a, b) => a.rulePriority - b.rulePriority);
}
