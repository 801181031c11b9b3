import { declaredBudget, declaredNamespaces, declaredRepositories } from './declared';
import { templateSchema } from './read-assembly';
import { resolveIntrinsics, unknownText } from './resolve-intrinsics';

const pseudo = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com',
};

const stack = (Resources: Record<string, unknown>) => ({
  name: 'stack',
  template: templateSchema.parse({ Resources }),
});

describe('resolveIntrinsics', () => {
  it.each([
    [{ Ref: 'AWS::Region' }, 'eu-central-1'],
    [
      {
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }]],
      },
      'arn:aws:iam::123456789012',
    ],
    [{ 'Fn::Sub': '${AWS::AccountId}.${!Literal}' }, '123456789012.${Literal}'],
    [{ 'Fn::GetAtt': ['Key', 'Arn'] }, unknownText],
    [{ 'Fn::Sub': '${Key.Arn}/x' }, `${unknownText}/x`],
    [{ a: [{ Ref: 'AWS::NoValue' }, 1], b: { Ref: 'AWS::NoValue' } }, { a: [1] }],
    [{ 'Fn::Sub': ['${a}', { a: 'b' }] }, unknownText],
  ])('resolves %j to %j', (value, expected) => {
    expect(resolveIntrinsics(value, pseudo)).toEqual(expected);
  });
});

describe('declaredRepositories', () => {
  it('has the defaults of CloudFormation for properties that the template does not set', () => {
    const declared = stack({
      A: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'team/a' } },
      B: { Type: 'AWS::IAM::Role' },
    });
    expect(declaredRepositories([declared], pseudo)).toEqual([
      {
        name: 'team/a',
        mutability: { imageTagMutability: 'MUTABLE' },
        scanOnPush: false,
        encryption: { type: 'AES256' },
        resourceTags: {},
      },
    ]);
  });

  it('rejects a repository whose name only CloudFormation knows', () => {
    const Properties = { RepositoryName: { 'Fn::ImportValue': 'name' } };
    const declared = stack({ A: { Type: 'AWS::ECR::Repository', Properties } });
    expect(() => declaredRepositories([declared], pseudo)).toThrow(
      expect.objectContaining({
        code: 'DECLARATION_UNREADABLE',
        message: expect.stringMatching(/stack: A/),
      }),
    );
  });
});

describe('declaredNamespaces', () => {
  it('is the first part of each repository name', () => {
    const named = (RepositoryName: string) => ({
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName },
    });
    const stacks = [
      stack({ A: named('team/a'), B: named('team-dev/b') }),
      stack({ C: named('c') }),
    ];
    expect([...declaredNamespaces(stacks)]).toEqual(['team', 'team-dev', 'c']);
  });
});

describe('declaredBudget', () => {
  const budget = (TimeUnit: string, Amount: unknown, Unit = 'USD') =>
    stack({
      B: {
        Type: 'AWS::Budgets::Budget',
        Properties: { Budget: { TimeUnit, BudgetLimit: { Amount, Unit } } },
      },
    });

  it('is the first monthly one in USD', () => {
    expect(declaredBudget([budget('ANNUALLY', 100), budget('MONTHLY', '7.5')])).toBe(7.5);
  });

  it('is undefined without such a budget', () => {
    expect(declaredBudget([stack({})])).toBeUndefined();
    expect(declaredBudget([budget('MONTHLY', 5, 'EUR')])).toBeUndefined();
  });
});
