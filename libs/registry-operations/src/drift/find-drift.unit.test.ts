import { type DeclaredRepository } from '../declared/declared';
import { unknownText } from '../declared/resolve-intrinsics';
import { type ActualRepository } from '../remote-registry';
import { compareRepositories } from './find-drift';

const rules = [
  {
    rulePriority: 1,
    selection: {
      tagStatus: 'tagged',
      tagPrefixList: ['a', 'b'],
      countType: 'imageCountMoreThan',
      countNumber: 10,
    },
    action: { type: 'expire' },
  },
  {
    rulePriority: 2,
    selection: {
      tagStatus: 'untagged',
      countType: 'sinceImagePushed',
      countUnit: 'days',
      countNumber: 7,
    },
    action: { type: 'expire' },
  },
];
const push = {
  Sid: 'Push',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::123456789012:role/push' },
  Action: ['ecr:PutImage', 'ecr:BatchGetImage'],
  Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
};
const pull = { Sid: 'Pull', Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' };

const declared: DeclaredRepository = {
  name: 'team/app',
  mutability: {
    imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
    imageTagMutabilityExclusionFilters: [
      { filterType: 'WILDCARD', filter: 'prod' },
      { filterType: 'WILDCARD', filter: 'latest' },
    ],
  },
  scanOnPush: true,
  encryption: { type: 'AES256' },
  lifecyclePolicy: JSON.stringify({ rules }),
  repositoryPolicy: { Version: '2012-10-17', Statement: [push, pull] },
  resourceTags: { Project: 'team' },
};

const actual: ActualRepository = {
  name: 'team/app',
  arn: 'arn:aws:ecr:eu-central-1:123456789012:repository/team/app',
  uri: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/app',
  registryId: '123456789012',
  mutability: declared.mutability,
  scanOnPush: true,
  encryption: { type: 'AES256' },
  lifecyclePolicy: JSON.stringify({ rules }),
  repositoryPolicy: JSON.stringify(declared.repositoryPolicy),
  resourceTags: { Project: 'team' },
};

const drift = (changed: Partial<ActualRepository>, of: Partial<DeclaredRepository> = {}) =>
  compareRepositories([{ ...declared, ...of }], [{ ...actual, ...changed }]);

const policy = (...Statement: unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement });

describe('compareRepositories ignores', () => {
  it.each<[string, Partial<ActualRepository>]>([
    ['equal repositories', {}],
    [
      'the order and form of a lifecycle policy',
      {
        lifecyclePolicy: JSON.stringify(
          {
            rules: [
              rules[1],
              {
                action: { type: 'expire' },
                rulePriority: 1,
                selection: {
                  storageClass: 'standard',
                  countNumber: 10,
                  countType: 'imageCountMoreThan',
                  tagPrefixList: ['b', 'a'],
                  tagStatus: 'tagged',
                },
              },
            ],
          },
          null,
          2,
        ),
      },
    ],
    [
      'the order and form of a repository policy',
      {
        repositoryPolicy: policy(
          { ...pull, Principal: { AWS: ['*'] }, Action: ['ecr:BatchGetImage'] },
          {
            ...push,
            Action: [...push.Action].reverse(),
            Condition: { StringEquals: { 'aws:SourceAccount': ['123456789012'] } },
          },
        ),
      },
    ],
    [
      'the order of the mutability exclusions',
      {
        mutability: {
          imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
          imageTagMutabilityExclusionFilters: [
            { filterType: 'WILDCARD', filter: 'latest' },
            { filterType: 'WILDCARD', filter: 'prod' },
          ],
        },
      },
    ],
    [
      'a tag that CloudFormation sets',
      { resourceTags: { Project: 'team', 'aws:cloudformation:stack-name': 'x' } },
    ],
  ])('%s', (_, changed) => {
    expect(drift(changed)).toEqual([]);
  });

  it('an account id for which IAM returns an ARN', () => {
    const statement = { ...push, Principal: { AWS: '123456789012' } };
    const answered = { ...push, Principal: { AWS: 'arn:aws:iam::123456789012:root' } };
    expect(
      drift(
        { repositoryPolicy: policy(answered) },
        { repositoryPolicy: { Version: '2012-10-17', Statement: [statement] } },
      ),
    ).toEqual([]);
  });

  it('a key id for which ECR returns an ARN, and a key alias', () => {
    const arn = 'arn:aws:kms:eu-central-1:123456789012:key/1234';
    for (const kmsKey of [arn, '1234', 'alias/registry', `${unknownText}`, undefined]) {
      const changed = { encryption: { type: 'KMS', kmsKey: arn } };
      expect(drift(changed, { encryption: { type: 'KMS', kmsKey } })).toEqual([]);
    }
  });

  it('values that only CloudFormation knows', () => {
    const principal = (AWS: string) => ({ ...push, Principal: { AWS } });
    const repositoryPolicy = { Version: '2012-10-17', Statement: [principal(`${unknownText}`)] };
    const changed = { repositoryPolicy: policy(principal('arn:aws:iam::123456789012:role/x')) };
    expect(drift(changed, { repositoryPolicy })).toEqual([]);
  });
});

describe('compareRepositories reports', () => {
  it.each<[string, Partial<ActualRepository>, string, unknown, unknown]>([
    ['disabled scanning', { scanOnPush: false }, 'scanOnPush', true, false],
    [
      'a different mutability',
      { mutability: { ...declared.mutability, imageTagMutability: 'MUTABLE_WITH_EXCLUSION' } },
      'imageTagMutability',
      'IMMUTABLE_WITH_EXCLUSION',
      'MUTABLE_WITH_EXCLUSION',
    ],
    [
      'a different exclusion',
      {
        mutability: {
          imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
          imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: '*' }],
        },
      },
      'imageTagMutabilityExclusionFilters',
      ['latest', 'prod'],
      ['*'],
    ],
    ['a different encryption', { encryption: { type: 'KMS' } }, 'encryption.type', 'AES256', 'KMS'],
    [
      'a changed number in a rule',
      { lifecyclePolicy: JSON.stringify({ rules }).replace('10', '100') },
      'lifecyclePolicy.rules.1.selection.countNumber',
      10,
      100,
    ],
    ['a removed tag', { resourceTags: {} }, 'tags.Project', 'team', null],
    [
      'an undeclared tag',
      { resourceTags: { Project: 'team', Owner: 'me' } },
      'tags.Owner',
      null,
      'me',
    ],
    [
      'an additional action in a statement',
      { repositoryPolicy: policy(push, { ...pull, Action: ['ecr:*', 'ecr:BatchGetImage'] }) },
      'repositoryPolicy.Statement.Pull.Action',
      ['ecr:BatchGetImage'],
      ['ecr:*', 'ecr:BatchGetImage'],
    ],
  ])('%s', (_, changed, property, was, is) => {
    expect(drift(changed)).toEqual([
      { repository: 'team/app', property, declared: was, actual: is },
    ]);
  });

  it('a removed policy and a removed rule', () => {
    expect(drift({ lifecyclePolicy: undefined })).toMatchObject([
      { property: 'lifecyclePolicy', actual: null },
    ]);
    expect(drift({ lifecyclePolicy: JSON.stringify({ rules: [rules[0]] }) })).toMatchObject([
      { property: 'lifecyclePolicy.rules.2', actual: null },
    ]);
    expect(drift({ repositoryPolicy: undefined })).toMatchObject([
      { property: 'repositoryPolicy', actual: null },
    ]);
  });

  it('a statement without its condition, and one without a Sid', () => {
    const { Condition, ...open } = push;
    expect(drift({ repositoryPolicy: policy(open, pull) })).toMatchObject([
      { property: 'repositoryPolicy.Statement.Push.Condition', actual: null },
    ]);
    expect(Condition).toBeDefined();
    const { Sid, ...nameless } = pull;
    expect(Sid).toBe('Pull');
    expect(drift({ repositoryPolicy: policy(push, pull, nameless) })).toHaveLength(1);
  });

  it('a missing repository and an undeclared one', () => {
    expect(compareRepositories([declared], [{ ...actual, name: 'team/stray' }])).toEqual([
      { repository: 'team/app', property: 'repository', declared: 'exists', actual: null },
      { repository: 'team/stray', property: 'repository', declared: null, actual: 'exists' },
    ]);
  });
});
