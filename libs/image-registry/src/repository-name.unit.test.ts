import {
  isRepositoryName,
  repositoryName,
  RepositoryNameError,
  requireDistinctRepositories,
} from './index';

describe('a repository name', () => {
  it('is the namespace and the service if naming is shared', () => {
    const registry = { namespace: 'typerush', naming: 'shared' } as const;
    expect(repositoryName({ registry, repository: 'game-service', environment: 'prod' })).toBe(
      'typerush/game-service',
    );
  });

  it('names the environment if naming is per environment', () => {
    const registry = { namespace: 'typerush', naming: 'per-environment' } as const;
    expect(repositoryName({ registry, repository: 'api', environment: 'prod' })).toBe(
      'typerush-prod/api',
    );
    expect(repositoryName({ registry, repository: 'api', environment: 'local' })).toBe(
      'typerush-local/api',
    );
  });

  it('takes 2 to 256 characters', () => {
    expect(['a', 'aa', 'a'.repeat(256), 'a'.repeat(257)].map(isRepositoryName)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it.each(['Type/x', 'a_-b', 'a/', '/a', 'a.', 'a b', 'a/../b'])('is never %s', (name) => {
    expect(isRepositoryName(name)).toBe(false);
  });

  it('that is too long with its namespace is rejected with the fields to change', () => {
    const name = () =>
      repositoryName({
        registry: { namespace: 'typerush', naming: 'shared' },
        repository: 'a'.repeat(256),
        environment: 'dev',
      });
    expect(name).toThrow(RepositoryNameError);
    expect(name).toThrow('change "repository" in image.json or "namespace" in registry.json.');
  });
});

describe('requireDistinctRepositories', () => {
  const declare = (repository: string, declaredIn: string) => ({ repository, declaredIn });

  it('accepts a repository for each service', () => {
    requireDistinctRepositories([declare('a', 'a/image.json'), declare('a/b', 'b/image.json')]);
  });

  it('rejects a shared repository, and names both files', () => {
    expect(() =>
      requireDistinctRepositories([
        declare('api', 'apps/api/image.json'),
        declare('web', 'apps/web/image.json'),
        declare('api', 'apps/api2/image.json'),
      ]),
    ).toThrow(
      expect.objectContaining({
        code: 'REPOSITORY_SHARED',
        message: expect.stringMatching(/"api".*apps\/api\/image\.json and apps\/api2\/image\.json/),
      }),
    );
  });
});
