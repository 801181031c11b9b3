import fc from 'fast-check';
import { someTag, TagSearch } from './tag-language';
import { matchesWildcard } from './wildcard';

const findTag = (...patterns: Parameters<TagSearch['find']>) => new TagSearch().find(...patterns);
const pattern = fc.string({
  unit: fc.constantFrom('a', 'b', '*', '*'),
  minLength: 1,
  maxLength: 5,
});

/** Every tag of the characters a, b and x, which represents all others, up to a length. */
function allTags(length: number): string[] {
  const shorter = length === 0 ? [] : allTags(length - 1);
  const longest = shorter.filter((tag) => tag.length === length - 1);
  return length === 0
    ? ['']
    : [...shorter, ...longest.flatMap((tag) => ['a', 'b', 'x'].map((next) => tag + next))];
}
const tags = allTags(6).slice(1);

describe('a tag that matches patterns', () => {
  it('is found if and only if there is one, and is a shortest', () => {
    fc.assert(
      fc.property(
        fc.array(pattern, { minLength: 1, maxLength: 2 }),
        fc.array(pattern, { maxLength: 3 }),
        (within, without) => {
          const fits = (tag: string) =>
            within.every((each) => matchesWildcard(each, tag)) &&
            !without.some((each) => matchesWildcard(each, tag));
          const found = findTag(within, without);
          if (found !== undefined) expect(fits(found)).toBe(true);
          const expected = tags.find(fits);
          if (expected !== undefined) expect(found).toHaveLength(expected.length);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it.each([
    [['v*', '*-rc*'], [], 'v-rc'],
    [['prod*'], ['prod'], 'prod0'],
    [['prod*'], ['prod', 'prod-*'], 'prod0'],
    [['v*'], ['v1*', 'v2*'], 'v'],
  ])('of %j but not %j is %s', (within, without, tag) => {
    expect(findTag(within, without)).toBe(tag);
  });

  it.each([
    [['v*', 'prod*'], []],
    [['prod-*'], ['prod*']],
    [['a*b*c'], ['a*c']],
    [['*a'], ['*a*']],
    [['-rc'], []],
    [['release/*'], []],
    [['*'.padEnd(301, 'a')], ['a'.repeat(300)]],
    [
      ['*'],
      [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'].map((c) => `${c}*`),
    ],
  ])('of %j but not %j does not exist', (within, without) => {
    expect(findTag(within, without)).toBeUndefined();
  });

  it('is assumed to exist if the search would take too long', () => {
    const hard = Array.from({ length: 26 }, (_, n) => {
      const letter = String.fromCharCode(97 + n);
      return `*${letter}*${letter}*${letter}*${letter}`;
    });
    const search = new TagSearch(10_000);
    expect(search.find(hard)).toBe(someTag);
    expect(search.isExhausted).toBe(true);
    expect(search.find(['a'], ['a'])).toBe(someTag);
  });
});
