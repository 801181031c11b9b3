import { parseTemplateBody } from './parse-template';
import { parseTemplate } from './template';
import { validateTemplate } from './validate-template';

const yaml = `
Resources:
  Repo:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: !Sub '\${AWS::StackName}/api'
      EmptyOnDelete: true
      Tags:
        - { Key: a, Value: !Ref Repo }
        - !If [Cond, { Key: b, Value: 012 }, !Ref AWS::NoValue]
      Policy: !Base64
        Fn::Join: ['', [a, !GetAtt Repo.Arn]]
      Version: 2012-10-17
`;

describe('a template body', () => {
  it('in YAML comes out with long forms, and dates stay text', () => {
    expect(parseTemplateBody(yaml)).toEqual({
      Resources: {
        Repo: {
          Type: 'AWS::ECR::Repository',
          Properties: {
            RepositoryName: { 'Fn::Sub': '${AWS::StackName}/api' },
            EmptyOnDelete: true,
            Tags: [
              { Key: 'a', Value: { Ref: 'Repo' } },
              { 'Fn::If': ['Cond', { Key: 'b', Value: 12 }, { Ref: 'AWS::NoValue' }] },
            ],
            Policy: {
              'Fn::Base64': { 'Fn::Join': ['', ['a', { 'Fn::GetAtt': ['Repo', 'Arn'] }]] },
            },
            Version: '2012-10-17',
          },
        },
      },
    });
  });

  it.each([
    ['', 'must not be empty'],
    ['{', 'JSON not well-formed'],
    ['a: [', 'YAML not well-formed'],
    ['a: 1\na: 2', 'YAML not well-formed'],
    ['just text', 'unsupported structure'],
    ['[1]', 'unsupported structure'],
    ['a: &x 1\nb: *x', 'aliases are not allowed'],
    [`{"Description":"${'x'.repeat(51_200)}"}`, 'less than or equal to 51200'],
  ])('%.20j is refused: %s', (body, message) => {
    expect(() => parseTemplateBody(body)).toThrow(message);
  });

  it('of exactly 51,200 bytes is read', () => {
    const body = `{"a":"${'é'.repeat((51_200 - 8) / 2)}"}`;
    expect(Buffer.byteLength(body)).toBe(51_200);
    expect(parseTemplateBody(body)).toHaveProperty('a');
  });
});

describe('a template', () => {
  const repo = { Type: 'AWS::ECR::Repository' };
  it.each([
    [{}, 'At least one Resources member must be defined'],
    [{ Resources: { A: repo }, Foo: 1 }, 'Invalid template property or properties [Foo]'],
    [{ Resources: { A: { ...repo, Propertys: {} } } }, '[Resources/A/Propertys]'],
    [{ Resources: { 'a-b': repo } }, 'Resources/a-b'],
    [{ Resources: { constructor: repo } }, 'Resources/constructor'],
    [{ Resources: { A: { Type: 'x' } } }, 'is not a resource type'],
    [
      { Resources: { A: repo }, Transform: 'AWS::Serverless' },
      "section 'Transform' is not emulated",
    ],
    [{ Resources: { A: { ...repo, DependsOn: 'B' } } }, 'Unresolved resource dependencies [B]'],
    [
      { Resources: { A: { ...repo, Properties: { X: { Ref: 'Nope' } } } } },
      'Unresolved resource dependencies [Nope] in the Resources block of the template',
    ],
    [
      { Resources: { A: { ...repo, Properties: { X: { 'Fn::Sub': '${Nope.Arn} ${!Lit}' } } } } },
      'instance of Fn::GetAtt references undefined resource Nope',
    ],
    [
      { Resources: { A: { ...repo, Properties: { X: { 'Fn::Transform': {} } } } } },
      'the function Fn::Transform is not emulated',
    ],
    [
      { Resources: { A: repo }, Outputs: { O: { Value: { Ref: 'Nope' } } } },
      'Unresolved resource dependencies [Nope] in the Outputs block of the template',
    ],
    [{ Resources: { A: { ...repo, Condition: 'C' } } }, 'Unresolved dependencies [C]'],
    [
      {
        Resources: {
          A: { ...repo, Properties: { X: { Ref: 'B' } } },
          B: { ...repo, DependsOn: 'A' },
          C: { ...repo, DependsOn: 'A' },
        },
      },
      'Circular dependency between resources: [A, B]',
    ],
  ])('%j is refused', (template, message) => {
    expect(() => validateTemplate(parseTemplate(JSON.stringify(template)))).toThrow(message);
  });
});
