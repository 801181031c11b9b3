import { type LifecyclePolicy, type LifecycleRule, type StoredImage } from '../src/index';

export const now = new Date('2026-11-21T12:00:00Z');

/** An image of so many days; its tags name it where it has any. */
export function image(
  tags: readonly string[],
  daysOld: number,
  more: Partial<StoredImage> = {},
): StoredImage {
  return {
    digest: tags.join('+') || `untagged-${daysOld}`,
    tags,
    pushedAt: daysAgo(daysOld),
    ...more,
  };
}

export function daysAgo(days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}

type Action = LifecycleRule['action'];
export const archive: Action = { type: 'transition', targetStorageClass: 'archive' };

export function rule(
  rulePriority: number,
  selection: Partial<LifecycleRule['selection']>,
  action: Action = { type: 'expire' },
): LifecycleRule {
  return {
    rulePriority,
    description: 'A rule of a test, long enough for the text of its policy to be taken',
    selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1, ...selection },
    action,
  };
}

export function tagged(
  ...tagPatternList: string[]
): Pick<LifecycleRule['selection'], 'tagStatus' | 'tagPatternList'> {
  return { tagStatus: 'tagged', tagPatternList };
}

export function olderThan(
  countNumber: number,
  countType: LifecycleRule['selection']['countType'] = 'sinceImagePushed',
): Pick<LifecycleRule['selection'], 'countType' | 'countUnit' | 'countNumber'> {
  return { countType, countUnit: 'days', countNumber };
}

/** The policy of the document that asked for the `environment` profile, word for word. */
export const requestedPolicy: LifecyclePolicy = {
  rules: [
    {
      rulePriority: 1,
      description: 'Expire untagged images older than 7 days',
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 7,
      },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      description: 'Keep last 10 tagged images',
      selection: {
        tagStatus: 'tagged',
        tagPrefixList: ['v', 'prod', 'staging', 'dev'],
        countType: 'imageCountMoreThan',
        countNumber: 10,
      },
      action: { type: 'expire' },
    },
  ],
};
