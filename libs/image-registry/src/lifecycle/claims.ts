import { findTag } from '../tag-language';
import { matchesWildcard } from '../wildcard';
import { type LifecycleRule, storageClassOf, tagPatterns } from './policy';

/** The images that have all `tags`, and a tag for each of `patterns`; with neither, those without a tag. */
export interface ImageKind {
  readonly tags: readonly string[];
  readonly patterns: readonly string[];
}

const untagged: ImageKind = { tags: [], patterns: [] };

/** The kinds of image that a rule selects. */
export function selectedKinds({ selection }: LifecycleRule): readonly ImageKind[] {
  switch (selection.tagStatus) {
    case 'untagged':
      return [untagged];
    case 'tagged':
      return [{ tags: [], patterns: tagPatterns(selection) }];
    case 'any':
      return [untagged, { tags: [], patterns: ['*'] }];
  }
}

/** The images that are of both kinds; undefined where one kind has no tags, and the other has some. */
export function both(one: ImageKind, other: ImageKind): ImageKind | undefined {
  if (isUntagged(one) !== isUntagged(other)) return undefined;
  return {
    tags: [...new Set([...one.tags, ...other.tags])],
    patterns: [...new Set([...one.patterns, ...other.patterns])],
  };
}

const isUntagged = ({ tags, patterns }: ImageKind) => tags.length + patterns.length === 0;

/** Far more than a policy that a person writes needs; past it an image that no rule claims is taken to be possible. */
const maxSteps = 500;

/**
 * The tags of an image of that kind that none of the rules claims, undefined where they claim every one.
 *
 * A rule claims an image by a tag for each entry of its list, so it leaves an image whose tags all miss one of them.
 * The search goes over the choices of that entry, one for each rule; each tag that the kind asks for by a pattern then
 * has to miss all that were chosen.
 *
 * @param rules Of the image's storage class.
 */
export function findUnclaimed(
  kind: ImageKind,
  rules: readonly LifecycleRule[],
): readonly string[] | undefined {
  const patterns = kind.patterns.filter(
    (pattern) => !kind.tags.some((tag) => matchesWildcard(pattern, tag)),
  );
  let steps = 0;
  const search = (
    [rule, ...rest]: readonly LifecycleRule[],
    missed: readonly string[],
  ): readonly string[] | undefined => {
    steps += 1;
    const found = patterns.map((pattern) => findTag([pattern], missed));
    if (!found.every((tag) => tag !== undefined)) return undefined;
    if (!rule || steps > maxSteps) return [...kind.tags, ...found];
    for (const missable of entriesToMiss(rule, { tags: kind.tags, patterns })) {
      const unclaimed = search(rest, missable ? [...missed, missable] : missed);
      if (unclaimed) return unclaimed;
    }
    return undefined;
  };
  return search(rules, []);
}

/** The entries of which an image of the kind may miss one so that the rule leaves it; '' where it does so anyway. */
function entriesToMiss({ selection }: LifecycleRule, kind: ImageKind): readonly string[] {
  switch (selection.tagStatus) {
    case 'any':
      return [];
    case 'untagged':
      return isUntagged(kind) ? [] : [''];
    case 'tagged': {
      if (isUntagged(kind)) return [''];
      const open = tagPatterns(selection).filter(
        (entry) => !kind.tags.some((tag) => matchesWildcard(entry, tag)),
      );
      const missedAnyway = open.some((entry) =>
        kind.patterns.every((pattern) => findTag([pattern, entry]) === undefined),
      );
      return missedAnyway ? [''] : open;
    }
  }
}

/** The rules of the storage class of `rule` that come before it. `rules` are in the order of their priority. */
export function rulesBefore(
  rule: LifecycleRule,
  rules: readonly LifecycleRule[],
): readonly LifecycleRule[] {
  return rules
    .slice(0, rules.indexOf(rule))
    .filter((other) => storageClassOf(other) === storageClassOf(rule));
}

/** A count or an age that nobody means to reach: the rule is there to claim images, not to act on them. */
const neverReached = 9999;

/**
 * Whether a rule is there to act at all, on whatever it selects and no other rule claims. Not so a shield: one with a
 * number out of reach, or one that counts the images of an exact tag, which is on one image at a time.
 */
export function mayAct({ selection }: LifecycleRule): boolean {
  const { countType, countNumber } = selection;
  if (countNumber >= neverReached) return false;
  return (
    countType !== 'imageCountMoreThan' ||
    tagPatterns(selection).every((pattern) => pattern.includes('*'))
  );
}
