import { type LifecycleIssue, type LifecycleRefusalCode } from './issue';
import { type LifecycleRule, storageClassOf } from './policy';

type Finding = readonly [code: LifecycleRefusalCode, message: string];

/** What ECR refuses in one rule by itself. */
export function checkRule(rule: LifecycleRule): LifecycleIssue[] {
  return [...tagListFindings(rule), ...countFindings(rule)].map(([code, message]) => ({
    severity: 'error',
    code,
    rulePriority: rule.rulePriority,
    message: `Rule ${rule.rulePriority}: ${message}`,
  }));
}

function* tagListFindings({ selection }: LifecycleRule): Iterable<Finding> {
  const { tagStatus, tagPatternList, tagPrefixList } = selection;
  if (tagStatus === 'tagged') {
    if (tagPatternList && tagPrefixList)
      yield ['tag-lists', 'tagPatternList and tagPrefixList exclude each other; keep one.'];
    if (!tagPatternList && !tagPrefixList)
      yield ['tag-lists', 'tagStatus tagged needs a tagPatternList or a tagPrefixList.'];
  } else if (tagPatternList || tagPrefixList) {
    yield ['tag-lists', `a list of tags goes with tagStatus tagged only, not with ${tagStatus}.`];
  }
  for (const pattern of tagPatternList ?? []) {
    if (pattern.split('*').length > 5)
      yield ['wildcards', `the pattern "${pattern}" has more than four "*".`];
  }
}

function* countFindings(rule: LifecycleRule): Iterable<Finding> {
  const { countType, countUnit, countNumber } = rule.selection;
  const archive = storageClassOf(rule) === 'archive';
  const { type } = rule.action;
  if (countType === 'imageCountMoreThan') {
    if (countUnit)
      yield ['count-unit', 'countUnit does not go with imageCountMoreThan; remove it.'];
  } else if (!countUnit) {
    yield ['count-unit', `${countType} needs "countUnit": "days".`];
  }
  if (countType === 'sinceImagePulled' && type !== 'transition')
    yield ['count-type', 'sinceImagePulled goes with the action transition only.'];
  if (countType === 'sinceImageTransitioned') {
    if (type !== 'expire' || !archive)
      yield [
        'count-type',
        'sinceImageTransitioned goes with expire and storageClass archive only.',
      ];
    if (countNumber < 90)
      yield ['count-type', 'sinceImageTransitioned needs a countNumber of 90 or more.'];
  } else if (archive) {
    yield [
      'count-type',
      `storageClass archive goes with sinceImageTransitioned, not with ${countType}.`,
    ];
  }
}
