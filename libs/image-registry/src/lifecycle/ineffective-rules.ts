import { both, mayAct, PolicyClaims, selectedKinds } from './claims';
import { type IneffectiveRuleCode, type LifecycleIssue } from './issue';
import {
  type LifecyclePolicy,
  type LifecycleRule,
  storageClassOf,
  tagListEntries,
  tagPatterns,
} from './policy';
import { someTag } from '../tag-language';

/** Rules that ECR accepts, but that never act or could act on an image that must be kept. */
export function findIneffectiveRules(
  policy: LifecyclePolicy,
  movingTags: readonly string[],
): LifecycleIssue[] {
  const claims = new PolicyClaims(policy);
  // A problem of the rule itself explains more than its consequences.
  return claims.rules.flatMap(
    (rule) =>
      unmatchable(rule, claims) ??
      allOfList(rule, claims) ??
      unreachable(rule, claims) ??
      redundant(rule, claims) ??
      movingTagIssues(rule, claims, movingTags),
  );
}

function unmatchable(rule: LifecycleRule, { tags }: PolicyClaims): LifecycleIssue[] | undefined {
  const patterns = tagPatterns(rule.selection);
  const impossible = tagListEntries(rule.selection).filter(
    (_, index) => tags.find([patterns[index] ?? '']) === undefined,
  );
  if (impossible.length === 0) return undefined;
  return ineffective(
    'unmatchable',
    rule,
    `never acts on any image, since no tag can match ${impossible.join(', ')}: ` +
      'a tag has letters, digits, "_", "." and "-", the last two not at its start, and "*" is a wildcard in a tagPatternList only. ' +
      'Correct the entry, or remove the rule.',
  );
}

/** A list reads like "any of these" and means "all of these". */
function allOfList(rule: LifecycleRule, { tags }: PolicyClaims): LifecycleIssue[] | undefined {
  const patterns = tagPatterns(rule.selection);
  if (patterns.length < 2 || tags.find(patterns) !== undefined) return undefined;
  const entries = [...new Set(tagListEntries(rule.selection))].join(', ');
  return ineffective(
    'all-of-list',
    rule,
    `never ${rule.action.type === 'expire' ? 'expires' : 'archives'} any image, except one that has a tag for each of ${entries} at once: ` +
      'a list selects only the images that match all of its entries. Write one rule for each entry.',
  );
}

/** An image belongs to the first rule that selects it, whether that rule acts on it or not. */
function unreachable(rule: LifecycleRule, claims: PolicyClaims): LifecycleIssue[] | undefined {
  const isFree = (earlier: readonly LifecycleRule[]) =>
    selectedKinds(rule).some((kind) => claims.findUnclaimed(kind, earlier));
  const before = claims.before(rule);
  if (isFree(before)) return undefined;
  // The rules that are needed: each one without which some image would be unclaimed.
  const by = before.reduceRight((needed, one) => {
    const others = needed.filter((other) => other !== one);
    return isFree(others) ? needed : others;
  }, before);
  return ineffective(
    'unreachable',
    rule,
    `never acts, since ${named(by)} every image that it selects, and an image belongs to the first rule that selects it. ` +
      'Remove the rule, or give it a lower rulePriority.',
  );
}

/** A rule that neither acts nor shields any image. */
function redundant(rule: LifecycleRule, claims: PolicyClaims): LifecycleIssue[] | undefined {
  if (mayAct(rule)) return undefined;
  const isShield = claims
    .after(rule)
    .filter(mayAct)
    .some((other) => {
      const between = claims.before(other).filter((each) => each !== rule);
      return selectedKinds(rule).some((mine) =>
        selectedKinds(other).some((its) => {
          const kind = both(mine, its);
          return kind !== undefined && claims.findUnclaimed(kind, between) !== undefined;
        }),
      );
    });
  if (isShield) return undefined;
  return ineffective(
    'redundant',
    rule,
    'never acts, and protects no image from a later rule. Remove the rule, or move it before the rule that it should protect images from.',
  );
}

function named(rules: readonly LifecycleRule[]): string {
  const priorities = rules.map(({ rulePriority }) => rulePriority);
  if (priorities.length === 1) return `rule ${priorities[0]} claims`;
  return `rules ${priorities.slice(0, -1).join(', ')} and ${priorities.at(-1)} together claim`;
}

function ineffective(
  code: IneffectiveRuleCode,
  { rulePriority }: LifecycleRule,
  what: string,
): LifecycleIssue[] {
  return [{ severity: 'error', code, rulePriority, message: `Rule ${rulePriority} ${what}` }];
}

/**
 * Whether a rule could act on the image that a moving tag points to: what is deployed, however old it is. That image
 * may have any other tags besides, and any push date, as a rollback gives a moving tag to an old image.
 */
function movingTagIssues(
  rule: LifecycleRule,
  claims: PolicyClaims,
  movingTags: readonly string[],
): LifecycleIssue[] {
  if (!mayAct(rule)) return [];
  const before = claims.before(rule);
  const endangered = movingTags.flatMap((tag) => {
    const tags = selectedKinds(rule).flatMap((kind) => {
      const moving = both(kind, { tags: [tag], patterns: [] });
      return (moving && claims.findUnclaimed(moving, before)) ?? [];
    });
    return tags.length > 0 ? [{ tag, others: tags.filter((other) => other !== tag) }] : [];
  });
  if (endangered.length === 0) return [];
  const { rulePriority, action } = rule;
  const does = action.type === 'expire' ? 'expire' : 'archive';
  return [
    {
      // What is archived cannot be pulled, but it can be restored.
      severity: action.type === 'expire' ? 'error' : 'warning',
      code: 'moving-tag',
      rulePriority,
      message:
        `Rule ${rulePriority} could ${does} the image that ${endangered.map(described).join(', or ')} points to. ` +
        `Before it put one rule for each of these tags, such as ${JSON.stringify(shieldFor(endangered[0]?.tag ?? '', rule))}`,
    },
  ];
}

function described({ tag, others }: { tag: string; others: readonly string[] }): string {
  const also = others.filter((other) => other !== someTag);
  return also.length > 0 ? `${tag} (with the tag ${also.join(', ')} too)` : tag;
}

/** The selection of a rule that claims the image of a tag, and never acts on it. */
function shieldFor(tag: string, rule: LifecycleRule): LifecycleRule['selection'] {
  return {
    tagStatus: 'tagged',
    tagPatternList: [tag],
    ...(storageClassOf(rule) === 'archive'
      ? { storageClass: 'archive', countType: 'sinceImageTransitioned', countUnit: 'days' }
      : { countType: 'imageCountMoreThan' }),
    countNumber: 9999,
  };
}
