import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ecrActions } from './ecr-actions';
import { PolicyError, type PolicyKind, readPolicy } from './policy-document';

const problem = (kind: PolicyKind, document: unknown): string | undefined => {
  try {
    readPolicy(kind, document);
    return undefined;
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
};

const statement = { Effect: 'Allow', Action: 'ecr:BatchGetImage' };
const identity = (more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ ...statement, Resource: '*', ...more }],
});
const repository = (more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ ...statement, Principal: '*', ...more }],
});

describe('readPolicy', () => {
  it('reads one statement and several, and one value and several', () => {
    expect(problem('identity', { Statement: { ...statement, Resource: '*' } })).toBeUndefined();
    expect(problem('identity', identity({ Action: ['ecr:*', 's3:Get*'] }))).toBeUndefined();
    expect(problem('repository', repository())).toBeUndefined();
  });

  it.each<[PolicyKind, unknown, RegExp]>([
    ['identity', null, /./],
    ['identity', {}, /^Statement/],
    ['identity', { ...identity(), Version: '2012-10-18' }, /^Version: expected 2012-10-17/],
    ['identity', identity({ Effect: 'allow' }), /^Statement\[0\]\.Effect: expected Allow or Deny/],
    ['identity', identity({ Action: 'ecr' }), /^Statement\[0\]\.Action.*expected an action/],
    ['identity', identity({ NotAction: 'ecr:*' }), /^Statement\[0\]: expected either Action/],
    ['identity', identity({ Principal: '*' }), /a policy of an identity has no Principal/],
    ['identity', identity({ Resource: undefined }), /expected either Resource or NotResource/],
    ['identity', identity({ Resource: 'game' }), /expected \* or the ARN/],
    ['identity', identity({ Resource: 'arn:${aws:nam}' }), /\$\{aws:nam\} is not a variable/],
    ['identity', identity({ Extra: 1 }), /Statement\[0\].*Extra/],
    [
      'identity',
      identity({ Condition: { StringEquals: { 'aws:Nam': 'a' } } }),
      /^Statement\[0\]\.Condition\.StringEquals\.aws:Nam: is not a condition key that is evaluated/,
    ],
    [
      'identity',
      identity({ Condition: { Matches: { 'aws:username': 'a' } } }),
      /^Statement\[0\]\.Condition\.Matches: is not an operator that is evaluated/,
    ],
    ['repository', repository({ Resource: '*' }), /expected no Resource/],
    [
      'repository',
      repository({ Principal: undefined }),
      /expected either Principal or NotPrincipal/,
    ],
    ['repository', repository({ Action: 'ecr:Pull' }), /an action is not one of ECR/],
    [
      'repository',
      repository({ Principal: { AWS: 'arn:aws:iam::123456789012:user/*' } }),
      /is not a principal/,
    ],
    ['repository', repository({ Principal: { Everyone: '*' } }), /expected AWS, Service/],
    ['registry', repository(), /expected either Resource or NotResource/],
    ['trust', identity(), /expected either Principal or NotPrincipal/],
  ])('rejects a policy of the kind %s: %j', (kind, document, expected) => {
    expect(problem(kind, document)).toMatch(expected);
  });
});

interface ApiModel {
  readonly operations: Record<string, { readonly input?: { readonly shape: string } }>;
  readonly shapes: Record<string, { readonly members?: Record<string, unknown> }>;
}

describe('the actions of ECR', () => {
  const file = path.join(__dirname, '../../test/aws-models/ecr.service-2.json');
  const { operations, shapes } = JSON.parse(readFileSync(file, 'utf8')) as ApiModel;

  it('are the operations of the API model, and the permissions without an operation', () => {
    const modelled = Object.keys(operations).map((name) => `ecr:${name}`);
    const permissions = [
      'ecr:BatchImportUpstreamImage',
      'ecr:GetImageCopyStatus',
      'ecr:ReplicateImage',
    ];
    expect([...ecrActions.keys()].sort()).toEqual([...modelled, ...permissions].sort());
  });

  it('are for a repository if their input names one', () => {
    for (const [name, { input }] of Object.entries(operations)) {
      const members = Object.keys((input && shapes[input.shape]?.members) ?? {});
      const named = members.some((member) => /^(repositoryNames?|resourceArn)$/.test(member));
      expect([name, ecrActions.get(`ecr:${name}`)]).toEqual([
        name,
        named ? 'repository' : 'registry',
      ]);
    }
  });
});
