import { evaluate, evaluateCondition } from './evaluate';
import { pseudoParameters } from './pseudo-parameters';
import { type ReferableResource, type Scope } from './scope';
import { type Json, Pending } from './value';

const repo = {
  ref: () => 'typerush/api',
  attribute: (name: string) =>
    name === 'Arn' ? 'arn:aws:ecr:r:0:repository/typerush/api' : undefined,
};
const unmade = { ref: () => new Pending('New'), attribute: () => new Pending('New.Arn') };

const resources = new Map<string, ReferableResource>([
  ['Repo', repo],
  ['New', unmade],
]);

const scope: Scope = {
  conditionResults: new Map(),
  mappings: { Map: { a: { x: 'found', list: ['1', '2'] } } },
  conditions: {
    Yes: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
    Any: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
    Loop: { Condition: 'Loop' },
    Bad: { Foo: 1 },
  },
  parameters: { Env: 'prod', List: ['a', 'b'] },
  pseudo: pseudoParameters(
    { accountId: '000000000000', region: 'eu-west-1' },
    { id: 'arn:stack', name: 'S' },
  ),
  resource: (id) => resources.get(id),
  importValue: (name) => (name === 'known' ? 'imported' : undefined),
  stackOutput: (stack, output) => (stack === 'Other' && output === 'Uri' ? 'uri' : undefined),
};

describe('evaluating', () => {
  it.each<[Json, unknown]>([
    [{ Ref: 'Env' }, 'prod'],
    [{ Ref: 'List' }, ['a', 'b']],
    [{ Ref: 'Repo' }, 'typerush/api'],
    [{ Ref: 'AWS::AccountId' }, '000000000000'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ 'Fn::GetAtt': ['Repo', 'Arn'] }, 'arn:aws:ecr:r:0:repository/typerush/api'],
    [{ 'Fn::GetAtt': 'Repo.Arn' }, 'arn:aws:ecr:r:0:repository/typerush/api'],
    [
      { 'Fn::Sub': '${Repo}-${Repo.Arn}-${AWS::Region}-${!Raw}' },
      'typerush/api-arn:aws:ecr:r:0:repository/typerush/api-eu-west-1-${Raw}',
    ],
    [{ 'Fn::Sub': ['${x}$&', { x: { Ref: 'Env' } }] }, 'prod$&'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Env' }, 1]] }, 'a-prod-1'],
    [{ 'Fn::Join': [',', { Ref: 'List' }] }, 'a,b'],
    [{ 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    [{ 'Fn::If': ['Yes', 1, { 'Fn::Nope': 1 }] }, 1],
    [{ 'Fn::FindInMap': ['Map', 'a', 'x'] }, 'found'],
    [{ 'Fn::FindInMap': ['Map', 'a', 'nope', { DefaultValue: 'd' }] }, 'd'],
    [{ 'Fn::ImportValue': { 'Fn::Sub': 'known' } }, 'imported'],
    [{ 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'Uri' } }, 'uri'],
    [{ 'Fn::Base64': 'hi' }, 'aGk='],
    [{ 'Fn::GetAZs': '' }, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
    [{ 'Fn::Select': [1, { 'Fn::GetAZs': 'us-east-1' }] }, 'us-east-1b'],
    [
      { a: { Ref: 'AWS::NoValue' }, b: [{ 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, 2] },
      { b: [2] },
    ],
    [
      { Ref: 'Repo', other: 1 },
      { Ref: 'Repo', other: 1 },
    ],
    [null, null],
  ])('%j gives %j', (value, expected) => {
    expect(evaluate(value, scope)).toEqual(expected);
  });

  it.each<[Json, string]>([
    [{ Ref: 'Nope' }, 'Unresolved resource dependencies [Nope]'],
    [{ Ref: 'constructor' }, 'Unresolved resource dependencies [constructor]'],
    [
      { 'Fn::GetAtt': ['Repo', 'Nope'] },
      'resource Repo does not support attribute type Nope in Fn::GetAtt',
    ],
    [{ 'Fn::Select': [3, ['a']] }, 'cannot select nonexistent value at index 3'],
    [{ 'Fn::Join': [',', [['a']]] }, 'Fn::Join needs text'],
    [{ 'Fn::FindInMap': ['Map', 'a', 'toString'] }, 'Unable to get mapping for Map::a::toString'],
    [{ 'Fn::ImportValue': 'unknown' }, 'No export named unknown found.'],
    [{ 'Fn::Sub': '${List}' }, '${List} is a list or a map'],
    [{ 'Fn::If': ['Nope', 1, 2] }, 'unresolved condition dependency Nope'],
    [{ 'Fn::If': ['Loop', 1, 2] }, 'circular dependency between conditions: Loop -> Loop'],
    [{ 'Fn::If': ['Bad', 1, 2] }, 'the condition Bad must be'],
    [{ 'Fn::Cidr': [] }, 'the function Fn::Cidr is not emulated here'],
  ])('%j is refused: %s', (value, message) => {
    expect(() => evaluate(value, scope)).toThrow(message);
  });

  it.each<Json>([
    { Ref: 'New' },
    { 'Fn::Sub': 'x ${New.Arn}' },
    { 'Fn::Select': [4, { 'Fn::Split': [':', { 'Fn::GetAtt': ['New', 'Arn'] }] }] },
  ])('what depends on a resource that is yet to be made is pending: %j', (value) => {
    expect(evaluate(value, scope)).toBeInstanceOf(Pending);
  });

  it.each([
    ['Yes', true],
    ['No', false],
    ['Both', false],
    ['Any', true],
  ])('condition %s is %s', (name, expected) => {
    expect(evaluateCondition(name, scope)).toBe(expected);
  });
});
