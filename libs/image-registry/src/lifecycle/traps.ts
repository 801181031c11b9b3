import { type LifecycleIssue } from './issue';
import {
  byPriority,
  type LifecyclePolicy,
  type LifecycleRule,
  storageClassOf,
  tagPatterns,
} from './policy';
import { coversWildcard } from '../wildcard';

/** Rules that ECR takes and that cannot do what they seem to. */
export function findTraps(policy: LifecyclePolicy): LifecycleIssue[] {
  const rules = byPriority(policy);
  return rules.flatMap((rule, index) => [
    ...allOfList(rule),
    ...shielded(rule, rules.slice(0, index)),
  ]);
}

/** A list reads like "any of these" and means "all of these". */
function allOfList({ rulePriority, selection }: LifecycleRule): LifecycleIssue[] {
  const patterns = [...new Set(tagPatterns(selection))];
  // `v1*` says all that `v*` does, so such a pair asks for one tag only.
  const needed = patterns.filter(
    (pattern) => !patterns.some((other) => other !== pattern && coversWildcard(pattern, other)),
  );
  if (needed.length < 2) return [];
  return [
    {
      severity: 'warning',
      code: 'all-of-list',
      rulePriority,
      message:
        `Rule ${rulePriority} acts only on images that have a tag for each of ${needed.join(', ')}: ` +
        'an image that matches some of them is not selected, and is kept for good unless another rule takes it. ' +
        'Write one rule for each.',
    },
  ];
}

/** A rule whose every image a rule of higher priority has already claimed never acts. */
function shielded(rule: LifecycleRule, earlier: readonly LifecycleRule[]): LifecycleIssue[] {
  const by = earlier.find((other) => covers(other, rule));
  if (!by) return [];
  return [
    {
      severity: 'warning',
      code: 'shielded',
      rulePriority: rule.rulePriority,
      message:
        `Rule ${rule.rulePriority} never acts: rule ${by.rulePriority} matches every image that it could, ` +
        'and an image belongs to the first rule that matches it. Remove it, or give it a lower rulePriority.',
    },
  ];
}

function covers(wide: LifecycleRule, narrow: LifecycleRule): boolean {
  if (storageClassOf(wide) !== storageClassOf(narrow)) return false;
  if (wide.selection.tagStatus !== narrow.selection.tagStatus) return false;
  const narrowPatterns = tagPatterns(narrow.selection);
  return tagPatterns(wide.selection).every((pattern) =>
    narrowPatterns.some((other) => coversWildcard(pattern, other)),
  );
}
