import * as z from 'zod';
import { objectRule } from '../config-rules';
import { type LifecyclePolicy, type LifecycleRule } from './policy';

/** The valid values of `retention` in an `image.json`. */
export const retentionProfiles = ['environment', 'release'] as const;

export type RetentionProfile = (typeof retentionProfiles)[number];

const numberRule = 'a whole number of 1 or more';
const oneOrMore = z.int(numberRule).min(1, numberRule);

/** The numbers of a profile that differ for a service. */
export const retentionNumbersSchema = z.strictObject(
  {
    images: z
      .record(z.string(), oneOrMore, objectRule)
      .optional()
      .describe('How many images of a tag prefix stay, such as { "v": 30 }'),
    untaggedDays: oneOrMore.optional().describe('After how many days an untagged image expires'),
  },
  objectRule,
);

export type RetentionNumbers = z.infer<typeof retentionNumbersSchema>;

interface Retention {
  /** Tags whose image never expires. */
  readonly protectedTags: readonly string[];
  /** How many images of a tag prefix stay, the most precious prefix first: the first that an image has decides. */
  readonly keep: readonly { readonly prefix: string; readonly images: number }[];
  readonly untaggedDays: number;
}

const retentions: Record<RetentionProfile, Retention> = {
  environment: {
    protectedTags: ['prod', 'staging', 'latest'],
    keep: ['v', 'prod', 'staging', 'dev'].map((prefix) => ({ prefix, images: 10 })),
    untaggedDays: 7,
  },
  release: {
    protectedTags: ['prod', 'staging', 'latest', 'main', 'dev'],
    keep: [
      ...['v', 'sha-'].map((prefix) => ({ prefix, images: 20 })),
      ...['latest', 'main', 'dev'].map((prefix) => ({ prefix, images: 5 })),
    ],
    untaggedDays: 7,
  },
};

/** The tags that move from image to image in a profile, whose image therefore never expires. */
export const movingTags: Readonly<Record<RetentionProfile, readonly string[]>> = {
  environment: retentions.environment.protectedTags,
  release: retentions.release.protectedTags,
};

/** The prefixes of the tags that a profile keeps. */
export const tagPrefixes = (profile: RetentionProfile): readonly string[] =>
  retentions[profile].keep.map(({ prefix }) => prefix);

/** What `keep.images` of a profile has to be, if it names a prefix that the profile does not have. */
export function unknownPrefixes(
  profile: RetentionProfile,
  { images = {} }: RetentionNumbers = {},
): string | undefined {
  const known = tagPrefixes(profile);
  if (Object.keys(images).every((prefix) => known.includes(prefix))) return undefined;
  return `numbers for the tag prefixes of the profile ${profile} (${known.join(', ')})`;
}

/**
 * A profile as ECR's policy document: one rule for each prefix, since a list of prefixes selects only images that have
 * them all; before them, one for each moving tag, which acts on nothing and keeps the image from every rule after it.
 */
export function retentionPolicy(
  profile: RetentionProfile,
  numbers: RetentionNumbers = {},
): LifecyclePolicy {
  const { protectedTags, keep, untaggedDays } = retentions[profile];
  const rules = [
    ...protectedTags.map(shield),
    ...keep.map(({ prefix, images }) => keepLast(prefix, numbers.images?.[prefix] ?? images)),
    expireUntagged(numbers.untaggedDays ?? untaggedDays),
  ];
  return { rules: rules.map((rule, index) => ({ rulePriority: index + 1, ...rule })) };
}

type Rule = Omit<LifecycleRule, 'rulePriority'>;

/**
 * At most one image has the tag, so the count is never exceeded. The number is far above one because ECR's guide does
 * not state that a pattern without `*` is exact: if it were not, the shield would still expire nothing.
 */
function shield(tag: string): Rule {
  return {
    description: `The image that the moving tag ${tag} points to never expires`,
    selection: {
      tagStatus: 'tagged',
      tagPatternList: [tag],
      countType: 'imageCountMoreThan',
      countNumber: 9999,
    },
    action: { type: 'expire' },
  };
}

function keepLast(prefix: string, images: number): Rule {
  return {
    description: `Keep the last ${images} images with a tag ${prefix}*`,
    selection: {
      tagStatus: 'tagged',
      tagPrefixList: [prefix],
      countType: 'imageCountMoreThan',
      countNumber: images,
    },
    action: { type: 'expire' },
  };
}

function expireUntagged(days: number): Rule {
  return {
    description: `Expire untagged images older than ${days} days`,
    selection: {
      tagStatus: 'untagged',
      countType: 'sinceImagePushed',
      countUnit: 'days',
      countNumber: days,
    },
    action: { type: 'expire' },
  };
}
