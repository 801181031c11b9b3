import fc from 'fast-check';
import { policies } from '../../test/lifecycle-arbitraries';
import { daysAgo, image, now, rule, tagged } from '../../test/lifecycle-documents';
import { evaluateLifecyclePolicy, type LifecycleRule, matchesWildcard } from '../index';
import { mayAct, PolicyClaims, selectedKinds } from './claims';
import { storageClassOf, tagPatterns } from './policy';

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 3 });
const runs = { numRuns: 500 };

/** Every tag of one to three of the characters a, b and x. */
const tags = ['a', 'b', 'x'].flatMap((one) => [
  one,
  ...['a', 'b', 'x'].flatMap((two) => [
    one + two,
    ...['a', 'b', 'x'].map((three) => one + two + three),
  ]),
]);
const tagSets = [
  [],
  ...tags.map((tag) => [tag]),
  ...tags.flatMap((one, n) => tags.slice(n + 1).map((two) => [one, two])),
];

function selects({ selection }: LifecycleRule, own: readonly string[]): boolean {
  if (selection.tagStatus === 'any') return true;
  if (selection.tagStatus === 'untagged') return own.length === 0;
  return tagPatterns(selection).every((each) => own.some((tag) => matchesWildcard(each, tag)));
}

describe('an image that no earlier rule claims', () => {
  it('is found if and only if there is one', () => {
    fc.assert(
      fc.property(policies(pattern), ({ rules }) => {
        const claims = new PolicyClaims({ rules });
        for (const one of rules) {
          const before = claims.before(one);
          const isLeft = (own: readonly string[]) =>
            selects(one, own) && !before.some((other) => selects(other, own));
          const found = selectedKinds(one).flatMap((kind) => {
            const own = claims.findUnclaimed(kind, before);
            return own ? [own] : [];
          });
          expect(found.filter((own) => !isLeft(own))).toEqual([]);
          if (found.length === 0) expect(tagSets.filter(isLeft)).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('is acted on by its rule, once it is old and others are younger', () => {
    fc.assert(
      fc.property(policies(pattern), ({ rules }) => {
        const claims = new PolicyClaims({ rules });
        for (const one of rules.filter(mayAct)) {
          const kind = selectedKinds(one).find((each) =>
            claims.findUnclaimed(each, claims.before(one)),
          );
          if (!kind) continue;
          const storageClass = storageClassOf(one);
          const own = claims.findUnclaimed(kind, claims.before(one)) ?? [];
          const old = image(own, 500, {
            digest: 'old',
            storageClass,
            transitionedAt: daysAgo(500),
          });
          const younger = Array.from({ length: 5 }, (_, n) =>
            image(
              kind.patterns.map((each) => each.replaceAll('*', `x${n}`)),
              1,
              { digest: `young-${n}`, storageClass },
            ),
          );
          expect(evaluateLifecyclePolicy({ rules }, [old, ...younger], now)).toContainEqual(
            expect.objectContaining({
              image: old,
              action: one.action,
              rulePriority: one.rulePriority,
            }),
          );
        }
      }),
      runs,
    );
  });

  it('is assumed to exist if the search would take too long', () => {
    const rules = Array.from({ length: 49 }, (_, n) =>
      rule(n + 1, tagged(`a*${n}*a`, `b*${n}*b`, `c*${n}*c`)),
    );
    expect(
      new PolicyClaims({ rules }).findUnclaimed({ tags: [], patterns: ['a*', 'b*', 'c*'] }, rules),
    ).toHaveLength(3);
  });
});
