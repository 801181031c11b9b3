import { isTagImmutable, tagMutability } from './index';

describe('tags of a repository', () => {
  it.each(['local', 'dev', 'staging'] as const)('may all move in %s', (environment) => {
    expect(tagMutability(environment)).toEqual({ imageTagMutability: 'MUTABLE' });
  });

  it('may not move in prod, but for prod and latest', () => {
    const setting = tagMutability('prod');
    expect(setting).toEqual({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [
        { filterType: 'WILDCARD', filter: 'prod' },
        { filterType: 'WILDCARD', filter: 'latest' },
      ],
    });
    const immutable = (tag: string) =>
      isTagImmutable(
        setting.imageTagMutability,
        setting.imageTagMutabilityExclusionFilters ?? [],
        tag,
      );
    expect(['v1.0.0', 'prod-0fa5fd9', 'production', 'latest2'].every(immutable)).toBe(true);
    expect(['prod', 'latest'].some(immutable)).toBe(false);
  });

  it('may move in prod if the profile names them after branches', () => {
    expect(
      tagMutability('prod', 'release').imageTagMutabilityExclusionFilters?.map(
        ({ filter }) => filter,
      ),
    ).toEqual(['prod', 'latest', 'main', 'dev']);
  });

  it.each([
    ['MUTABLE', false, false],
    ['IMMUTABLE', true, true],
    ['MUTABLE_WITH_EXCLUSION', true, false],
    ['IMMUTABLE_WITH_EXCLUSION', false, true],
  ] as const)('with %s are immutable: filtered %p, others %p', (mutability, filtered, others) => {
    const filters = [{ filterType: 'WILDCARD', filter: 'v1.*' }] as const;
    expect(isTagImmutable(mutability, filters, 'v1.2')).toBe(filtered);
    expect(isTagImmutable(mutability, filters, 'v102')).toBe(others);
  });
});
