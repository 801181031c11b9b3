import { Template } from 'aws-cdk-lib/assertions';
import { everything, synthesize } from '../../test/registry';

describe('the stack of the pull-through cache', () => {
  it('exists if an upstream is set, with a rule and a template for each', () => {
    expect(Object.keys(synthesize('dev').stacks)).not.toContain('pull-through-cache');
    const { stacks } = synthesize('dev', { settings: everything });
    const stack = stacks['pull-through-cache'];
    if (!stack) throw new Error('the stack is missing');
    const count = everything.pullThroughCache.length;
    Template.fromStack(stack).resourceCountIs('AWS::ECR::PullThroughCacheRule', count);
    Template.fromStack(stack).resourceCountIs('AWS::ECR::RepositoryCreationTemplate', count);
  });

  it('is refused with a prefix that repositories of the registry have', () => {
    const pullThroughCache = [{ upstream: 'ecr-public', prefix: 'typerush' }] as const;
    expect(() => synthesize('prod', { settings: { pullThroughCache } })).toThrow(
      'infra/src/environments.ts, prod: the prefix "typerush" of pullThroughCache is that of typerush/game-service',
    );
  });
});
