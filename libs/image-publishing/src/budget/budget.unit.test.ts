import fc from 'fast-check';
import { compareSizes, grownBy } from './budget';

const sizes = fc.array(
  fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), bytes: fc.nat(1000) }),
);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('compareSizes', () => {
  it('lists the largest growth first, and omits equal sizes', () => {
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
    expect(compareSizes(before, now)).toEqual([
      { name: 'lodash', before: 0, now: 70 },
      { name: 'express', before: 50, now: 60 },
      { name: 'gone', before: 7, now: 0 },
    ]);
  });

  it('returns growths that add up to the difference', () => {
    fc.assert(
      fc.property(sizes, sizes, (before, now) => {
        const growth = sum(compareSizes(before, now).map(grownBy));
        const bytes = (list: typeof now) => sum(list.map((size) => size.bytes));
        expect(growth).toBe(bytes(now) - bytes(before));
      }),
    );
  });
});
