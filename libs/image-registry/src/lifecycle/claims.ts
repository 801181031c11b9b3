import { TagSearch } from '../tag-language';
import { matchesWildcard } from '../wildcard';
import {
  byPriority,
  type LifecyclePolicy,
  type LifecycleRule,
  storageClassOf,
  tagPatterns,
} from './policy';

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

/** The images that are of both kinds; undefined if one kind has no tags and the other has some. */
export function both(one: ImageKind, other: ImageKind): ImageKind | undefined {
  if (isUntagged(one) !== isUntagged(other)) return undefined;
  return {
    tags: [...new Set([...one.tags, ...other.tags])],
    patterns: [...new Set([...one.patterns, ...other.patterns])],
  };
}

const isUntagged = ({ tags, patterns }: ImageKind) => tags.length + patterns.length === 0;

/** A count or an age that is never reached in practice: the rule exists to claim images, not to act on them. */
const neverReached = 9999;

/**
 * Whether a rule may act on an image that it selects and no other rule claims. A shield never does: its number is never
 * reached, or it counts the images of an exact tag, which points to one image at a time.
 */
export function mayAct({ selection }: LifecycleRule): boolean {
  const { countType, countNumber } = selection;
  if (countNumber >= neverReached) return false;
  return (
    countType !== 'imageCountMoreThan' ||
    tagPatterns(selection).every((pattern) => pattern.includes('*'))
  );
}

/** Which images the rules of a policy claim, and which they leave to others. */
export class PolicyClaims {
  /** In the order of their priority. */
  readonly rules: readonly LifecycleRule[];

  constructor(
    policy: LifecyclePolicy,
    readonly tags = new TagSearch(),
  ) {
    this.rules = byPriority(policy);
  }

  /** The rules of the same storage class that come before a rule. */
  before(rule: LifecycleRule): readonly LifecycleRule[] {
    return this.rules.slice(0, this.rules.indexOf(rule)).filter(isOfClassOf(rule));
  }

  /** The rules of the same storage class that come after a rule. */
  after(rule: LifecycleRule): readonly LifecycleRule[] {
    return this.rules.slice(this.rules.indexOf(rule) + 1).filter(isOfClassOf(rule));
  }

  /**
   * The tags of an image of that kind that none of the rules claims, undefined if they claim every one.
   *
   * A rule claims an image by a tag for each entry of its list, so it leaves an image whose tags all miss one of them.
   * The search goes over the choices of that entry, one for each rule; each tag that the kind requires by a pattern then
   * has to miss all that were chosen.
   *
   * @param rules Of the image's storage class.
   */
  findUnclaimed(kind: ImageKind, rules: readonly LifecycleRule[]): readonly string[] | undefined {
    return this.search(withoutImplied(kind), rules, []);
  }

  private search(
    kind: ImageKind,
    [rule, ...rest]: readonly LifecycleRule[],
    missed: readonly string[],
  ): readonly string[] | undefined {
    const found = kind.patterns.map((pattern) => this.tags.find([pattern], missed));
    if (!found.every((tag) => tag !== undefined)) return undefined;
    if (!rule || this.tags.isExhausted) return [...kind.tags, ...found];
    for (const missable of this.entriesToMiss(rule, kind)) {
      const unclaimed = this.search(kind, rest, missable ? [...missed, missable] : missed);
      if (unclaimed) return unclaimed;
    }
    return undefined;
  }

  /** The entries of which an image of the kind may miss one so that the rule leaves it; '' if it does so anyway. */
  private entriesToMiss({ selection }: LifecycleRule, kind: ImageKind): readonly string[] {
    if (selection.tagStatus === 'any') return [];
    if ((selection.tagStatus === 'untagged') !== isUntagged(kind)) return [''];
    if (selection.tagStatus === 'untagged') return [];
    const open = tagPatterns(selection).filter((entry) => !isMatchedBy(kind.tags, entry));
    const missedAnyway = open.some((entry) =>
      kind.patterns.every((pattern) => this.tags.find([pattern, entry]) === undefined),
    );
    return missedAnyway ? [''] : open;
  }
}

const isOfClassOf = (rule: LifecycleRule) => (other: LifecycleRule) =>
  storageClassOf(other) === storageClassOf(rule);

/** Without the patterns that a tag of the kind matches anyway. */
function withoutImplied({ tags, patterns }: ImageKind): ImageKind {
  return { tags, patterns: patterns.filter((pattern) => !isMatchedBy(tags, pattern)) };
}

const isMatchedBy = (tags: readonly string[], pattern: string) =>
  tags.some((tag) => matchesWildcard(pattern, tag));
