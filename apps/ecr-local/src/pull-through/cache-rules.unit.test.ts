import { upstreamOf } from './cache-rules';

const at = '2026-01-01T00:00:00Z';
const rule = (ecrRepositoryPrefix: string, upstreamRepositoryPrefix?: string) => ({
  ecrRepositoryPrefix,
  ...(upstreamRepositoryPrefix !== undefined && { upstreamRepositoryPrefix }),
  upstreamRegistryUrl: 'public.ecr.aws',
  upstreamRegistry: 'ecr-public',
  createdAt: at,
  updatedAt: at,
});

describe('upstreamOf', () => {
  // The table of https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private-wildcards.html
  it.each([
    [rule('ecr-public', 'ROOT'), 'ecr-public/my-app/image1', 'my-app/image1'],
    [rule('ecr-public'), 'ecr-public/my-app/image2', 'my-app/image2'],
    [rule('ROOT', 'ROOT'), 'my-app/image1', 'my-app/image1'],
    [rule('team-a', 'team-a'), 'team-a/myapp/image1', 'team-a/myapp/image1'],
    [rule('my-app', 'upstream-app'), 'my-app/image1', 'upstream-app/image1'],
    [rule('my-app/', 'upstream-app/'), 'my-app/image1', 'upstream-app/image1'],
  ])('maps a name by %j', (only, name, expected) => {
    expect(upstreamOf([only], name)?.repository).toBe(expected);
  });

  it.each(['ecr-publication/app', 'ecr-public', 'other/app'])('leaves %s alone', (name) => {
    expect(upstreamOf([rule('ecr-public')], name)).toBeUndefined();
  });

  it('prefers the longest prefix, and ROOT to none', () => {
    const rules = [rule('ROOT'), rule('a'), rule('a/b')];
    const prefixFor = (name: string) => upstreamOf(rules, name)?.rule.ecrRepositoryPrefix;
    expect(['a/b/c', 'a/c', 'b/c'].map(prefixFor)).toEqual(['a/b', 'a', 'ROOT']);
  });
});
