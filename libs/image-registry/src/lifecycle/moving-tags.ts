import { someTag } from '../tag-language';
import { both, mayAct, type PolicyClaims, selectedKinds } from './claims';
import { type LifecycleIssue } from './issue';
import { type LifecycleRule, storageClassOf } from './policy';

/**
 * Whether a rule could act on the image that a moving tag points to: what is deployed, however old it is. That image
 * may have any other tags besides, and any push date, as a rollback gives a moving tag to an old image.
 */
export function movingTagIssues(
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
