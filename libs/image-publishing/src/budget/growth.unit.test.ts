import fc from 'fast-check';
import { compareWeights, grownBy } from './growth';

const weights = fc.array(
  fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), bytes: fc.nat(1000) }),
);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('growth', () => {
  it('names what grew most first, and leaves out what stayed', () => {
    const before = [
      { name: 'zod', bytes: 100 },
      { name: 'express', bytes: 50 },
      { name: 'gone', bytes: 7 },
    ];
    const now = [
      { name: 'zod', bytes: 100 },
      { name: 'express', bytes: 60 },
      { name: 'lodash', bytes: 70 },
    ];
    expect(compareWeights(before, now)).toEqual([
      { name: 'lodash', before: 0, now: 70 },
      { name: 'express', before: 50, now: 60 },
      { name: 'gone', before: 7, now: 0 },
    ]);
  });

  it('adds up to the difference of the two', () => {
    fc.assert(
      fc.property(weights, weights, (before, now) => {
        const growth = sum(compareWeights(before, now).map(grownBy));
        const bytes = (list: typeof now) => sum(list.map((weight) => weight.bytes));
        expect(growth).toBe(bytes(now) - bytes(before));
      }),
    );
  });
});
