import {
  type LifecyclePolicy,
  parseLifecyclePolicy,
  retentionPolicy,
} from '@typerush/image-registry';
import { asCdk, asTerraform, linesOfRules, policyText, splitLists } from './policy-text';

const listOf = (entries: readonly string[], description = 'versions') =>
  ({
    rules: [
      {
        rulePriority: 7,
        description,
        selection: {
          tagStatus: 'tagged',
          tagPrefixList: entries,
          countType: 'imageCountMoreThan',
          countNumber: 10,
        },
        action: { type: 'expire' },
      },
    ],
  }) as LifecyclePolicy;

describe('linesOfRules', () => {
  it('finds the lines of each rule by its priority', () => {
    const text = policyText(retentionPolicy('environment'));
    const lines = text.split('\n');
    const rules = linesOfRules(text);
    expect(rules.size).toBe(retentionPolicy('environment').rules.length);
    for (const [priority, [first, last]] of rules) {
      const rule = lines
        .slice(first, last + 1)
        .join('\n')
        .replace(/,$/, '');
      expect(JSON.parse(rule)).toMatchObject({ rulePriority: priority });
    }
  });

  it('is not confused by braces and quotes in a description', () => {
    const text = policyText(listOf(['v'], '}{ ][ "\\" {'));
    expect([...linesOfRules(text).keys()]).toEqual([7]);
  });

  it.each(['', '{', '[[[', '{"rules":[{"rulePriority":"1"}]}', '{"rules":[{]}', '}}}{{{"'])(
    'finds nothing in %j',
    (text) => {
      expect(linesOfRules(text).size).toBe(0);
    },
  );
});

describe('splitLists', () => {
  it('gives each entry a rule, and the rules priorities from 1 in their order', () => {
    const split = splitLists(listOf(['v', 'dev']), new Set([7]));
    expect(split.rules).toMatchObject([
      { rulePriority: 1, selection: { tagPrefixList: ['v'], countNumber: 10 } },
      { rulePriority: 2, selection: { tagPrefixList: ['dev'], countNumber: 10 } },
    ]);
    expect(parseLifecyclePolicy(split)).toHaveProperty('policy');
  });

  it('leaves the rules of other priorities as they are', () => {
    expect(splitLists(listOf(['v', 'dev']), new Set([1])).rules).toHaveLength(1);
  });
});

describe('copies', () => {
  it('escapes what begins a template in Terraform', () => {
    const text = asTerraform('a/b', policyText(listOf(['v'], '${path.cwd} %{if}')));
    expect(text).toContain('"description": "$${path.cwd} %%{if}"');
    expect(text).toMatch(/^resource "aws_ecr_lifecycle_policy" "a_b" \{$/m);
  });

  it('is an object literal in the CDK', () => {
    expect(asCdk('a/b', policyText(listOf(['v'])))).toContain('repositoryName: "a/b"');
  });
});
