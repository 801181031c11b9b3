import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { AwsApiModel } from '@typerush/image-registry/testing';
import { type CachedUpstream, PullThroughCache } from './index';

const secretArn =
  'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf';

function synthesize(...upstreams: CachedUpstream[]): Template {
  const stack = new Stack(new App(), 'Test');
  new PullThroughCache(stack, 'Cache', { upstreams });
  return Template.fromStack(stack);
}

const valid: readonly CachedUpstream[] = [
  { upstream: 'ecr-public', prefix: 'prod-public' },
  { upstream: 'k8s', prefix: 'prod-k8s' },
  { upstream: 'quay', prefix: 'prod-quay' },
  { upstream: 'docker-hub', prefix: 'prod/hub', secretArn },
  { upstream: 'github-container-registry', prefix: 'prod-ghcr', secretArn },
  { upstream: 'gitlab-container-registry', prefix: 'prod-gitlab', secretArn },
  { upstream: 'chainguard', prefix: 'prod-chainguard', secretArn },
  { upstream: 'azure-container-registry', prefix: 'az', url: 'acme1.azurecr.io', secretArn },
  {
    upstream: 'ecr',
    prefix: 'prod-ecr',
    url: '210987654321.dkr.ecr.us-east-1.amazonaws.com',
    roleArn: 'arn:aws:iam::123456789012:role/pull',
  },
];

describe('a pull-through cache', () => {
  it.each(valid.map((each) => [each.upstream, each] as const))(
    'of %s is a rule that ECR’s API takes',
    (_, upstream) => {
      const rules = synthesize(upstream).findResources('AWS::ECR::PullThroughCacheRule');
      const [properties] = Object.values(rules).map(({ Properties }) => Properties);
      const input = Object.entries<string>(properties).map(([name, value]) => [
        `${name[0]?.toLowerCase()}${name.slice(1)}`,
        value,
      ]);
      AwsApiModel.ecr.assertInput('CreatePullThroughCacheRule', Object.fromEntries(input));
    },
  );

  it('knows every upstream of ECR’s API', () => {
    const all = AwsApiModel.ecr.enumOf('UpstreamRegistry');
    expect(valid.map(({ upstream }) => upstream).sort()).toEqual([...all].sort());
  });

  it('makes repositories whose tags follow the upstream, and which lose what no tag points to', () => {
    const template = synthesize({ upstream: 'ecr-public', prefix: 'prod-public' });
    const [[id, { Properties: properties }] = ['', {}]] = Object.entries<{
      Properties: Record<string, string>;
    }>(template.findResources('AWS::ECR::RepositoryCreationTemplate') as never);
    expect(properties).toMatchObject({
      Prefix: 'prod-public',
      AppliedFor: ['PULL_THROUGH_CACHE'],
      ImageTagMutability: 'MUTABLE',
    });
    expect(JSON.parse(properties?.['LifecyclePolicy'] ?? '').rules).toEqual([
      expect.objectContaining({
        selection: expect.objectContaining({ tagStatus: 'untagged', countNumber: 30 }),
      }),
    ]);
    template.hasResource('AWS::ECR::PullThroughCacheRule', { DependsOn: [id] });
  });

  it.each<[string, Partial<CachedUpstream>, string]>([
    ['a prefix of one character', { prefix: 'p' }, 'invalid prefix, expected 2 to 30'],
    ['a prefix of 31 characters', { prefix: 'p'.repeat(31) }, 'invalid prefix'],
    ['a prefix with a slash at its end', { prefix: 'prod/' }, 'invalid prefix'],
    ['a login that is missing', { upstream: 'docker-hub' }, 'secretArn is missing'],
    ['a login that is not needed', { secretArn }, 'secretArn has no effect here'],
    [
      'a secret of another name',
      { upstream: 'docker-hub', secretArn: secretArn.replace('ecr-pullthroughcache/', 'hub/') },
      'secret:ecr-pullthroughcache/<name>',
    ],
    ['another address', { url: 'example.com' }, 'its address is public.ecr.aws'],
    ['an address that is missing', { upstream: 'ecr' }, 'expected one that matches'],
    [
      'a role that is not needed',
      { roleArn: 'arn:aws:iam::1:role/a' },
      'roleArn is for the upstream',
    ],
  ])('is refused with %s', (_, wrong, message) => {
    expect(() => synthesize({ upstream: 'ecr-public', prefix: 'public', ...wrong })).toThrow(
      expect.objectContaining({
        code: 'PULL_THROUGH_CACHE',
        message: expect.stringContaining(message),
      }),
    );
  });

  it('is refused with a prefix that is used twice, and without an upstream', () => {
    const one = { upstream: 'quay', prefix: 'cache' } as const;
    expect(() => synthesize(one, one)).toThrow('the prefix "cache" is used twice');
    expect(() => synthesize()).toThrow('name at least one');
  });
});
