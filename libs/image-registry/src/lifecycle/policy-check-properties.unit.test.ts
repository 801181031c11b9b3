import fc from 'fast-check';
import { policies, repositories } from '../../test/lifecycle-arbitraries';
import { now } from '../../test/lifecycle-documents';
import { checkLifecyclePolicy, evaluateLifecyclePolicy } from '../index';

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 3 });
const policy = policies(pattern);
const images = repositories([
  'a',
  'b',
  'aa',
  'ab',
  'ba',
  'bb',
  'aab',
  'aba',
  'abb',
  'baa',
  'bba',
  'c',
]);
const runs = { numRuns: 400 };

describe('if the check of a policy', () => {
  it('reports that a rule never acts, the evaluator never acts by it', () => {
    fc.assert(
      fc.property(policy, images, (document, all) => {
        const never = checkLifecyclePolicy(document, { movingTags: [] })
          .filter(({ code }) => code !== 'all-of-list')
          .map(({ rulePriority }) => rulePriority);
        for (const { rulePriority } of evaluateLifecyclePolicy(document, all, now))
          expect(never).not.toContain(rulePriority);
      }),
      runs,
    );
  });

  it('finds a moving tag safe, the evaluator never acts on its image', () => {
    let safe = 0;
    fc.assert(
      fc.property(policy, images, fc.constantFrom('a', 'ab', 'c'), (document, all, moving) => {
        const inDanger = checkLifecyclePolicy(document, { movingTags: [moving] }).some(
          ({ code }) => code === 'moving-tag' || code === 'all-of-list',
        );
        fc.pre(!inDanger);
        safe += 1;
        for (const { image } of evaluateLifecyclePolicy(document, all, now))
          expect(image.tags).not.toContain(moving);
      }),
      runs,
    );
    expect(safe).toBeGreaterThan(10);
  });
});
