import { type z } from 'zod';
import { type LifecycleIssue, type LifecycleRejectionCode } from './issue';
import {
  byPriority,
  type LifecyclePolicy,
  lifecyclePolicySchema,
  type LifecycleRule,
  type StorageClass,
  storageClassOf,
} from './policy';

const textLengths = { min: 100, max: 30_720 };

/** A policy that ECR accepts, or the reasons why ECR rejects it. */
export type ParsedLifecyclePolicy =
  { readonly policy: LifecyclePolicy } | { readonly rejections: readonly LifecycleIssue[] };

/**
 * Accepts or rejects a policy as ECR does: an accepted policy may still have ineffective rules.
 *
 * @param policy The document, or its text as ECR would get it.
 */
export function parseLifecyclePolicy(policy: unknown): ParsedLifecyclePolicy {
  const text = typeof policy === 'string' ? policy : (JSON.stringify(policy) ?? '');
  const document = typeof policy === 'string' ? parseJson(policy) : policy;
  if (document instanceof SyntaxError)
    return { rejections: [error('not-json', `The policy is not JSON: ${document.message}`)] };
  const parsed = lifecyclePolicySchema.safeParse(document);
  if (!parsed.success) {
    const shape = parsed.error.issues.map((issue) => shapeIssue(issue, document));
    return { rejections: [...checkLength(text), ...shape] };
  }
  const rejections = [
    ...checkLength(text),
    ...checkPriorities(parsed.data),
    ...byPriority(parsed.data).flatMap(checkRule),
    ...(['standard', 'archive'] as const).flatMap((storage) => checkClass(parsed.data, storage)),
  ];
  return rejections.length > 0 ? { rejections } : { policy: parsed.data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return cause;
  }
}

function checkLength(text: string): LifecycleIssue[] {
  const { min, max } = textLengths;
  if (text.length >= min && text.length <= max) return [];
  return [
    error(
      'text-length',
      `The policy's text has ${text.length} characters; ECR accepts ${min} to ${max}.`,
    ),
  ];
}

function shapeIssue(issue: z.core.$ZodIssue, document: unknown): LifecycleIssue {
  const [list, index] = issue.path;
  const rules =
    list === 'rules' ? (document as { rules?: { rulePriority?: unknown }[] }).rules : undefined;
  const rulePriority = typeof index === 'number' ? rules?.[index]?.rulePriority : undefined;
  const place = issue.path.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : `${path}${path && '.'}${String(key)}`,
    '',
  );
  return {
    ...error('shape', `${place || 'The policy'}: ${issue.message}`),
    ...(typeof rulePriority === 'number' && { rulePriority }),
  };
}

function checkPriorities({ rules }: LifecyclePolicy): LifecycleIssue[] {
  const priorities = rules.map(({ rulePriority }) => rulePriority);
  const twice = new Set(
    priorities.filter((priority, index) => priorities.indexOf(priority) !== index),
  );
  return [...twice].map((priority) =>
    error('duplicate-priority', `More than one rule has the priority ${priority}.`, priority),
  );
}

/** What ECR rejects among the rules of one storage class. */
function checkClass(policy: LifecyclePolicy, storage: StorageClass): LifecycleIssue[] {
  const rules = byPriority(policy).filter((rule) => storageClassOf(rule) === storage);
  const untagged = rules.filter(({ selection }) => selection.tagStatus === 'untagged');
  const anyBeforeLast = rules.slice(0, -1).filter(({ selection }) => selection.tagStatus === 'any');
  return [
    ...untagged
      .slice(1)
      .map(({ rulePriority }) =>
        error(
          'untagged-twice',
          `Rule ${rulePriority} is a second one for untagged ${storage} images.`,
          rulePriority,
        ),
      ),
    ...anyBeforeLast.map(({ rulePriority }) =>
      error(
        'any-not-last',
        `Rule ${rulePriority} has tagStatus any and must be the last of its storage class: give it the highest rulePriority.`,
        rulePriority,
      ),
    ),
    ...repeatedPrefixSets(rules),
  ];
}

function repeatedPrefixSets(rules: readonly LifecycleRule[]): LifecycleIssue[] {
  const first = new Map<string, number>();
  return rules.flatMap(({ rulePriority, selection: { tagPrefixList } }) => {
    if (!tagPrefixList) return [];
    const key = JSON.stringify([...new Set(tagPrefixList)].sort());
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, rulePriority);
      return [];
    }
    return [
      error(
        'duplicate-selection',
        `Rule ${rulePriority} has the tagPrefixList of rule ${earlier}; ECR accepts a set of prefixes once.`,
        rulePriority,
      ),
    ];
  });
}

function error(
  code: LifecycleRejectionCode,
  message: string,
  rulePriority?: number,
): LifecycleIssue {
  return { severity: 'error', code, message, ...(rulePriority !== undefined && { rulePriority }) };
}

type Finding = readonly [code: LifecycleRejectionCode, message: string];

/** What ECR rejects in a single rule. */
function checkRule(rule: LifecycleRule): LifecycleIssue[] {
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
