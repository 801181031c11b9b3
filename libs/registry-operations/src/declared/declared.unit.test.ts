import { declaredBudget } from './declared-budget';
import { declaredRepositories } from './declared-repository';
import { declaredNamespaces } from './namespaces';
import { resolve, unknownText } from './resolve';
import { templateSchema } from './template';

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

describe('a value of a template', () => {
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
  ])('%j is %j', (value, expected) => {
    expect(resolve(value, pseudo)).toEqual(expected);
  });
});

describe('the declared repositories', () => {
  it('have the defaults of CloudFormation where the template says nothing', () => {
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

  it('are not guessed where only CloudFormation knows the name', () => {
    const Properties = { RepositoryName: { 'Fn::ImportValue': 'name' } };
    const declared = stack({ A: { Type: 'AWS::ECR::Repository', Properties } });
    expect(() => declaredRepositories([declared], pseudo)).toThrow(
      expect.objectContaining({
        code: 'DECLARATION_UNREADABLE',
        message: expect.stringMatching(/stack: A/),
      }),
    );
  });

  it('tell the namespaces under which everything is theirs', () => {
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

describe('the declared budget', () => {
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

  it('is none where there is none', () => {
    expect(declaredBudget([stack({})])).toBeUndefined();
    expect(declaredBudget([budget('MONTHLY', 5, 'EUR')])).toBeUndefined();
  });
});
