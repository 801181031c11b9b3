import { type Caller } from './caller';
import { type AccessPolicies, evaluateAccess } from './evaluate-access';
import { type PolicyKind, readPolicy } from './policy-document';

const account = '123456789012';
const other = '210987654321';
const arn = (name: string) => `arn:aws:ecr:eu-west-1:${account}:repository/${name}`;

const user = (name: string, of = account): Caller => ({
  kind: 'user',
  account: of,
  arn: `arn:aws:iam::${of}:user/${name}`,
});

const session: Caller = {
  kind: 'role-session',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/push/ci`,
  roleArn: `arn:aws:iam::${account}:role/push`,
};

const codeBuild: Caller = { kind: 'service', account, arn: 'codebuild.amazonaws.com' };

const policy = (kind: PolicyKind, ...statements: object[]) =>
  readPolicy(kind, { Version: '2012-10-17', Statement: statements });

const allow = (Action: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  ...more,
});
const deny = (Action: string | string[], more: object = {}) => ({
  Effect: 'Deny',
  Action,
  ...more,
});
const on = (...names: string[]) => ({ Resource: names.map(arn) });
const to = (...AWS: string[]) => ({ Principal: { AWS } });

function decide(
  caller: Caller,
  action: string,
  name: string,
  policies: Partial<AccessPolicies>,
  context: Record<string, readonly string[]> = {},
) {
  const resource = name.startsWith('arn:') || name === '*' ? name : arn(name);
  const decision = evaluateAccess(
    {
      caller,
      action,
      resource,
      resourceAccount: account,
      context: new Map(Object.entries(context)),
    },
    { identity: [], resource: [], ...policies },
  );
  return decision.allowed ? 'allowed' : decision.reason;
}

const noIdentity = (action: string) =>
  `because no identity-based policy allows the ${action} action`;
const noResource = (action: string) =>
  `because no resource-based policy allows the ${action} action`;

const list = 'ecr:ListImages';
const read = 'ecr:BatchGetImage';
const write = 'ecr:PutImage';

/** The resources are repositories; list, read and write are actions on their images. */
describe('the example of identity-based and resource-based policies in the IAM user guide', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
  const identities: Record<string, AccessPolicies['identity']> = {
    JohnSmith: [policy('identity', allow([list, read], on('x')))],
    CarlosSalazar: [policy('identity', allow([list, read], on('y', 'z')))],
    MaryMajor: [policy('identity', allow([list, read, write], on('x', 'y', 'z')))],
    ZhangWei: [],
  };
  const arnOf = (name: string) => user(name).arn;
  const resources: Record<string, AccessPolicies['resource']> = {
    x: [policy('repository', allow([list, read], to(arnOf('JohnSmith'), arnOf('MaryMajor'))))],
    y: [
      policy(
        'repository',
        allow([list, write], to(arnOf('CarlosSalazar'))),
        allow([list, read], to(arnOf('ZhangWei'))),
      ),
    ],
    z: [
      policy(
        'repository',
        deny('*', to(arnOf('CarlosSalazar'))),
        allow('*', to(arnOf('ZhangWei'))),
      ),
    ],
  };
  const may = (name: string, resource: string) =>
    [list, read, write].filter(
      (action) =>
        decide(user(name), action, resource, {
          identity: identities[name] ?? [],
          resource: resources[resource] ?? [],
        }) === 'allowed',
    );

  it.each([
    ['JohnSmith', 'x', [list, read]],
    ['JohnSmith', 'y', []],
    ['CarlosSalazar', 'y', [list, read, write]],
    ['CarlosSalazar', 'z', []],
    ['MaryMajor', 'x', [list, read, write]],
    ['MaryMajor', 'y', [list, read, write]],
    ['MaryMajor', 'z', [list, read, write]],
    ['ZhangWei', 'x', []],
    ['ZhangWei', 'y', [list, read]],
    ['ZhangWei', 'z', [list, read, write]],
  ])('lets %s on resource %s do %j', (name, resource, actions) => {
    expect(may(name, resource)).toEqual(actions);
  });

  it('denies Carlos explicitly on resource z', () => {
    const policies = { identity: identities['CarlosSalazar'], resource: resources['z'] };
    expect(decide(user('CarlosSalazar'), read, 'z', policies)).toBe(
      'with an explicit deny in a resource-based policy',
    );
  });
});

describe('evaluateAccess', () => {
  const all = policy('identity', allow('*', { Resource: '*' }));

  it('denies what no policy allows', () => {
    expect(decide(user('a'), read, 'x', {})).toBe(noIdentity(read));
  });

  it('lets an explicit denial win over every permission', () => {
    const denial = policy('identity', deny('ecr:Put*', { Resource: '*' }));
    expect(decide(user('a'), write, 'x', { identity: [all, denial] })).toBe(
      'with an explicit deny in an identity-based policy',
    );
    expect(decide(user('a'), read, 'x', { identity: [all, denial] })).toBe('allowed');
  });

  it('lets a resource grant to the principal by name, to everybody, and to the role of a session', () => {
    const granted = (caller: Caller, ...principals: string[]) =>
      decide(caller, read, 'x', {
        resource: [policy('repository', allow(read, to(...principals)))],
      });
    expect(granted(user('a'), user('a').arn)).toBe('allowed');
    expect(granted(user('a'), '*')).toBe('allowed');
    expect(granted(user('a'), user('b').arn)).toBe(noIdentity(read));
    expect(granted(session, session.roleArn ?? '')).toBe('allowed');
    expect(granted(session, session.arn)).toBe('allowed');
    expect(granted(session, `arn:aws:iam::${account}:role/pull`)).toBe(noIdentity(read));
  });

  it('says which policies allow', () => {
    const resource = [policy('repository', allow(read, to(user('a', other).arn, '*')))];
    const allowedBy = (caller: Caller, policies: Partial<AccessPolicies>) =>
      evaluateAccess(
        {
          ...{ caller, action: read, resource: arn('x'), resourceAccount: account },
          context: new Map(),
        },
        { identity: [], resource: [], ...policies },
      ).reason;
    expect(allowedBy(user('a'), { identity: [all] })).toBe('by an identity-based policy');
    expect(allowedBy(user('a'), { resource })).toBe('by a resource-based policy');
    expect(allowedBy(user('a', other), { identity: [all], resource })).toBe(
      'by an identity-based policy and a resource-based policy',
    );
  });

  it('leaves the decision to identity policies where a resource names its own account', () => {
    const resource = [policy('repository', allow(read, to(`arn:aws:iam::${account}:root`)))];
    expect(decide(user('a'), read, 'x', { resource })).toBe(noIdentity(read));
    expect(decide(user('a'), read, 'x', { resource, identity: [all] })).toBe('allowed');
  });

  it.each([`arn:aws:iam::${other}:root`, other, user('a', other).arn])(
    'needs both policies of a caller of another account that is named as %s',
    (principal) => {
      const resource = [policy('repository', allow(read, to(principal)))];
      const caller = user('a', other);
      expect(decide(caller, read, 'x', { resource, identity: [all] })).toBe('allowed');
      expect(decide(caller, read, 'x', { resource })).toBe(noIdentity(read));
      expect(decide(caller, read, 'x', { identity: [all] })).toBe(noResource(read));
    },
  );

  it('limits an identity by its boundary', () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    const boundary = [
      policy('identity', allow(['s3:*', 'cloudwatch:*', 'ec2:*'], { Resource: '*' })),
    ];
    const identity = [policy('identity', allow('iam:CreateUser', { Resource: '*' }))];
    expect(decide(user('ShirleyRodriguez'), 'iam:CreateUser', '*', { identity, boundary })).toBe(
      'because no permissions boundary allows the iam:CreateUser action',
    );
  });

  it('applies a boundary to what a resource grants to a role, and not to what it grants to a user', () => {
    const boundary = [policy('identity', allow('s3:*', { Resource: '*' }))];
    const resource = [policy('repository', allow(read, to(user('a').arn, session.roleArn ?? '')))];
    expect(decide(user('a'), read, 'x', { resource, boundary })).toBe('allowed');
    expect(decide(session, read, 'x', { resource, boundary })).toBe(
      `because no permissions boundary allows the ${read} action`,
    );
  });

  it('limits a session by its policy', () => {
    const limits = {
      identity: [all],
      session: [policy('identity', allow(read, { Resource: '*' }))],
    };
    expect(decide(session, read, 'x', limits)).toBe('allowed');
    expect(decide(session, write, 'x', limits)).toBe(
      `because no session policy allows the ${write} action`,
    );
  });

  it('lets in a service only by a resource', () => {
    const trust = policy('trust', {
      ...allow('sts:AssumeRole', { Principal: { Service: 'codebuild.amazonaws.com' } }),
      Condition: { StringEquals: { 'aws:SourceAccount': account } },
    });
    const assume = (caller: Caller, source: string) =>
      decide(
        caller,
        'sts:AssumeRole',
        'arn:aws:iam::123456789012:role/push',
        { resource: [trust] },
        {
          'aws:sourceaccount': [source],
        },
      );
    expect(assume(codeBuild, account)).toBe('allowed');
    expect(assume(codeBuild, other)).toBe(noResource('sts:AssumeRole'));
    expect(assume({ ...codeBuild, arn: 'ecs-tasks.amazonaws.com' }, account)).toBe(
      noResource('sts:AssumeRole'),
    );
    expect(assume(user('a'), account)).toBe(noIdentity('sts:AssumeRole'));
    expect(decide(codeBuild, read, 'x', { identity: [all] })).toBe(noResource(read));
  });

  it('inverts NotAction, NotResource and NotPrincipal', () => {
    const statement = { Effect: 'Allow', NotAction: 'ecr:Delete*', NotResource: arn('secret/*') };
    const identity = [policy('identity', statement)];
    expect(decide(user('a'), read, 'x', { identity })).toBe('allowed');
    expect(decide(user('a'), read, 'secret/x', { identity })).toBe(noIdentity(read));
    expect(decide(user('a'), 'ecr:DeleteRepository', 'x', { identity })).toBe(
      noIdentity('ecr:DeleteRepository'),
    );
    const resource = [
      policy('repository', {
        Effect: 'Deny',
        NotPrincipal: { AWS: user('a').arn },
        Action: 'ecr:*',
      }),
    ];
    expect(decide(user('a'), read, 'x', { identity: [all], resource })).toBe('allowed');
    expect(decide(user('b'), read, 'x', { identity: [all], resource })).toMatch('explicit deny');
  });

  it('replaces policy variables by their values alone', () => {
    const identity = [policy('identity', allow(read, on('home/${aws:username}/*')))];
    const reads = (name: string, username?: string) =>
      decide(
        user('a'),
        read,
        name,
        { identity },
        username === undefined ? {} : { 'aws:username': [username] },
      );
    expect(reads('home/a/x', 'a')).toBe('allowed');
    expect(reads('home/b/x', 'a')).toBe(noIdentity(read));
    // A value is no pattern: the wildcard of a name matches only itself.
    expect(reads('home/b/x', '*')).toBe(noIdentity(read));
    expect(reads('home/b/x')).toBe(noIdentity(read));
    const withDefault = [
      policy('identity', allow(read, on("${aws:PrincipalTag/team, 'shared'}/*"))),
    ];
    expect(decide(user('a'), read, 'shared/x', { identity: withDefault })).toBe('allowed');
    const tagged = { 'aws:principaltag/team': ['blue'] };
    expect(decide(user('a'), read, 'blue/x', { identity: withDefault }, tagged)).toBe('allowed');
    expect(decide(user('a'), read, 'shared/x', { identity: withDefault }, tagged)).toBe(
      noIdentity(read),
    );
  });

  it('leaves variables alone in policies of the old version', () => {
    const old = readPolicy('identity', {
      Statement: allow(read, on('home/${aws:username}')),
    });
    const context = { 'aws:username': ['a'] };
    expect(decide(user('a'), read, 'home/a', { identity: [old] }, context)).toBe(noIdentity(read));
  });
});
