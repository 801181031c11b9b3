import { variants } from '../test/registry';
import {
  asList,
  type LocatedStatement,
  type Statement,
  statementsOf,
} from '../test/specifications/policy-statements';
import { resourcesOf, templatesOf } from '../test/specifications/template';

const thisAccount = { Ref: 'AWS::AccountId' };

/** `arn:<partition>:iam::<the stack's account>:...`, or a resource of the same template. */
function isOfThisAccount(principal: unknown): boolean {
  if (typeof principal !== 'object' || principal === null) return false;
  if ('Fn::GetAtt' in principal || 'Ref' in principal) return true;
  const [, parts] = (principal as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'] ?? [];
  return (
    JSON.stringify(parts?.slice(0, 4)) ===
    JSON.stringify(['arn:', { Ref: 'AWS::Partition' }, ':iam::', thisAccount])
  );
}

/**
 * Services that do not say on whose behalf they come, by what lets them in. EventBridge and encrypted topics: see AlertTopic.
 * EventBridge writes into log groups of the account of the rule alone:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
 */
const unaccountable: Readonly<Record<string, readonly string[]>> = {
  'AWS::SNS::TopicPolicy': ['events.amazonaws.com'],
  'AWS::KMS::Key': ['events.amazonaws.com'],
  'AWS::Logs::ResourcePolicy': ['events.amazonaws.com', 'delivery.logs.amazonaws.com'],
};

/** Why a principal outside of the account could use a statement; nothing if none can. */
function outsider({ resource: { Type: type }, statement }: LocatedStatement): string | undefined {
  const { Principal: principal, Condition: condition = {} } = statement;
  if (principal === undefined || statement.Effect === 'Deny') return undefined;
  if (typeof principal === 'string') return `anybody (${principal})`;
  for (const [kind, ids] of Object.entries(principal)) {
    for (const id of asList(ids)) {
      if (id === '*') {
        if (!isClosed(type, statement)) return 'anybody (*)';
      } else if (kind === 'Service') {
        if (unaccountable[type]?.includes(String(id))) continue;
        const source = condition['StringEquals']?.['aws:SourceAccount'];
        if (JSON.stringify(source) !== JSON.stringify(thisAccount)) return `${id} for anybody`;
      } else if (!isOfThisAccount(id)) {
        return JSON.stringify(id);
      }
    }
  }
  return undefined;
}

/** The policy of an endpoint narrows what its own network may do: it grants nothing. */
function isClosed(type: string, { Condition: condition, Action, Resource }: Statement): boolean {
  if (type !== 'AWS::EC2::VPCEndpoint') return false;
  const account = condition?.['StringEquals']?.['aws:PrincipalAccount'];
  if (JSON.stringify(account) === JSON.stringify(thisAccount)) return true;
  return Action === 's3:GetObject' && JSON.stringify(Resource).includes('-starport-layer-bucket/*');
}

describe.each(variants)('in %s', (name, synthesis) => {
  const templates = templatesOf(synthesis());
  const all = statementsOf(templates);
  const statements = (type: string) => all.filter(({ resource }) => resource.Type === type);

  it('no statement lets in another account, or the public, but to pull where that is set', () => {
    expect(all.length).toBeGreaterThan(10);
    const set = all.filter(({ statement }) => statement.Sid?.startsWith('PullOfOthers'));
    expect(set.length > 0).toBe(name.endsWith('with everything'));
    for (const { statement } of set) {
      const { Principal, Condition } = statement;
      expect(String(statement.Action)).toBe(
        'ecr:BatchCheckLayerAvailability,ecr:BatchGetImage,ecr:GetDownloadUrlForLayer',
      );
      const organization = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };
      if (JSON.stringify(Principal) === '{"AWS":"*"}') expect(Condition).toEqual(organization);
      else expect(JSON.stringify(Principal)).toContain(':iam::210987654321:root');
    }
    const others = all.filter((each) => !set.includes(each));
    expect(
      others.flatMap((each) => {
        const whom = outsider(each);
        return whom ? [`${each.where} lets in ${whom}`] : [];
      }),
    ).toEqual([]);
  });

  it('every repository has a policy, of single actions of ECR', () => {
    const repositories = statements('AWS::ECR::Repository');
    expect(new Set(repositories.map(({ resource }) => resource))).toEqual(
      new Set(resourcesOf(templates, 'AWS::ECR::Repository').map(({ resource }) => resource)),
    );
    for (const { statement } of repositories) {
      expect(statement.Effect).toBe('Allow');
      for (const action of asList(statement.Action)) expect(action).toMatch(/^ecr:[A-Za-z]+$/);
    }
  });

  it('a principal that only pulls may not change a repository', () => {
    const pulls = statements('AWS::ECR::Repository').filter(({ statement }) =>
      asList(statement.Action).includes('ecr:GetDownloadUrlForLayer'),
    );
    expect(pulls.length).toBeGreaterThan(0);
    for (const { statement } of pulls) {
      expect(String(asList(statement.Action))).not.toMatch(/Put|Upload,|Initiate|Delete|Set/);
    }
  });

  it('the roles of the access stack may log in, write the logs of tasks and pull through a cache, and no more', () => {
    const own = all.filter(
      ({ where, resource: { Type }, statement }) =>
        where.startsWith('access/') && Type.startsWith('AWS::IAM::') && !statement.Principal,
    );
    expect(own.length).toBeGreaterThan(1);
    const cache = own.filter(({ statement }) => statement.Sid === 'PullThroughCache');
    expect(cache.length > 0).toBe(name.endsWith('with everything'));
    expect(JSON.stringify(cache.map(({ resource }) => resource.Properties?.['Roles']))).not.toMatch(
      /Pull/,
    );
    const others = own.filter((each) => !cache.includes(each));
    expect(new Set(others.flatMap(({ statement }) => asList(statement.Action)))).toEqual(
      new Set(['ecr:GetAuthorizationToken', 'logs:CreateLogStream', 'logs:PutLogEvents']),
    );
  });
});

describe('the look at statements', () => {
  const found = (principal: unknown, condition?: unknown) =>
    outsider({
      where: 'here',
      resource: { Type: 'AWS::ECR::Repository' },
      template: { Resources: {} },
      statement: {
        Effect: 'Allow',
        Principal: principal,
        Action: 'ecr:PutImage',
        Condition: condition,
      } as Statement,
    });

  it.each([
    ['*'],
    [{ AWS: '*' }],
    [{ AWS: 'arn:aws:iam::210987654321:root' }],
    [{ AWS: '210987654321' }],
    [{ Service: 'lambda.amazonaws.com' }],
    [{ Federated: 'arn:aws:iam::210987654321:oidc-provider/example.com' }],
  ])('sees who is let in by %j', (principal) => {
    expect(found(principal)).toBeDefined();
  });

  it('lets a service in on behalf of the account alone', () => {
    const service = { Service: 'lambda.amazonaws.com' };
    expect(found(service, { StringEquals: { 'aws:SourceAccount': thisAccount } })).toBeUndefined();
    expect(found(service, { StringEquals: { 'aws:SourceAccount': '210987654321' } })).toBeDefined();
  });
});
