import {
  environments,
  evaluateLifecyclePolicy,
  movingTags,
  parseImageConfig,
  planTags,
  retentionPolicy,
  retentionProfiles,
  tagMutability,
  isTagImmutable,
} from './index';

const push = {
  commit: { sha: '0fa5fd93b5c1e4d7a8b9c0d1e2f30415263748a9', dirty: false },
  time: new Date('2026-11-21T16:52:00Z'),
  version: '1.4.0',
};
const released = (environment: (typeof environments)[number], branch?: string) =>
  planTags({ ...push, environment, retention: 'release', source: { branch } });

const everyCombination = retentionProfiles.flatMap((retention) =>
  environments.map((environment) => [retention, environment] as const),
);

describe('the tag set of the retention profile release', () => {
  it('is the commit, the version, the branch, and what the environment is deployed from', () => {
    expect(released('dev', 'feature/rooms')).toMatchObject({
      fixed: ['sha-0fa5fd9', 'v1.4.0'],
      moving: ['latest', 'feature-rooms'],
      skipped: [],
    });
    expect(released('prod', 'main')).toMatchObject({
      fixed: ['sha-0fa5fd9', 'v1.4.0'],
      moving: ['prod', 'main'],
    });
  });

  it('has no branch without one, and none named like a tag that is deployed from', () => {
    expect(released('dev').moving).toEqual(['latest']);
    expect(released('dev', 'prod').moving).toEqual(['latest']);
    expect(released('staging', 'latest').moving).toEqual(['staging']);
  });

  it('has in prod only branches whose tag may move there', () => {
    expect(released('prod', 'feature').moving).toEqual(['prod']);
  });
});

describe.each(everyCombination)('the tag set of the profile %s in %s', (retention, environment) => {
  const tags = planTags({ ...push, environment, retention, source: { branch: 'main' } });

  it('has fixed tags that a rule of the profile keeps: the oldest beyond its number expires', () => {
    for (const tag of tags.fixed) {
      const images = Array.from({ length: 40 }, (_, n) => ({
        digest: `image-${n}`,
        tags: [`${tag}${n}`],
        pushedAt: new Date(push.time.getTime() - n * 86_400_000),
      }));
      const expired = evaluateLifecyclePolicy(retentionPolicy(retention), images, push.time);
      expect([20, 30]).toContain(expired.length);
    }
  });

  it('has moving tags that the profile protects and the repository lets move', () => {
    const { imageTagMutability, imageTagMutabilityExclusionFilters = [] } = tagMutability(
      environment,
      retention,
    );
    for (const tag of tags.moving) {
      expect(movingTags[retention]).toContain(tag);
      expect(isTagImmutable(imageTagMutability, imageTagMutabilityExclusionFilters, tag)).toBe(
        false,
      );
    }
  });
});

describe('the tags of an image.json', () => {
  const parse = (retention: string, tag: string) =>
    parseImageConfig(
      JSON.stringify({ repository: 'api', retention, port: 1, health: '/', tags: [tag] }),
      'apps/api/image.json',
    );

  it.each([
    ['environment', 'v{version}'],
    ['environment', 'dev-{run}'],
    ['environment', '{gitTag}'],
    ['environment', '{environment}-{run}'],
    ['environment', '{branch}'],
    ['environment', 'pr-{pr}'],
    ['environment', 'staging'],
    ['release', 'sha-{sha}'],
    ['release', 'main'],
  ])('may in the profile %s be %s', (retention, tag) => {
    expect(parse(retention, tag).tags).toEqual([tag]);
  });

  it.each([
    ['environment', 'build-{run}', 'v, prod, staging, dev'],
    ['environment', 'sha-{sha}', 'v, prod, staging, dev'],
    ['environment', '{version}', 'v, prod, staging, dev'],
    ['environment', 'stable', 'v, prod, staging, dev'],
    ['release', 'staging-{sha7}', 'v, sha-, latest, main, dev'],
    ['release', '{timestamp}', 'v, sha-, latest, main, dev'],
  ])('may not in the profile %s be %s, which no rule keeps', (retention, tag, prefixes) => {
    expect(() => parse(retention, tag)).toThrow(
      new RegExp(
        `apps/api/image\\.json.*tags.*retention profile ${retention} keeps; .*${prefixes}`,
        's',
      ),
    );
  });
});
