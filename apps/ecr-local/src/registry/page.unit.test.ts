import fc from 'fast-check';
import { pageOf } from './page';

describe('pages', () => {
  it('contain every item once and in order, for any page size', () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 30 });
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 7 }), (items, maxResults) => {
        const seen: string[] = [];
        let nextToken: string | undefined;
        do {
          const page = pageOf(items, (item) => item, { nextToken, maxResults });
          expect(page.items.length).toBeLessThanOrEqual(maxResults);
          seen.push(...page.items);
          nextToken = page.nextToken;
        } while (nextToken !== undefined);
        expect(seen).toEqual([...items].sort((a, b) => (a < b ? -1 : 1)));
      }),
    );
  });

  it('have a hundred items by default', () => {
    const items = Array.from({ length: 101 }, (_, n) => String(n));
    const page = pageOf(items, (item) => item, {});
    expect(page.items).toHaveLength(100);
    expect(page.nextToken).toBeDefined();
  });

  it.each(['', '!', 'a'])('are not had by the token %j', (nextToken) => {
    expect(() => pageOf(['a'], (item) => item, { nextToken })).toThrow("'nextToken'");
  });
});
