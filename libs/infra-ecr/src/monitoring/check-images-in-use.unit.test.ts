import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { awsError } from '@typerush/image-registry/testing';
import { type Answer, metricsOf, runInline, type SdkCall } from '../../test/inline-function';
import { ImagesInUse } from './images-in-use';
import { RegistryMetrics } from './registry-metrics';

function templateFor(lambdaFunctions: readonly string[]): Template {
  const stack = new Stack(new App(), 'Test');
  new ImagesInUse(stack, 'ImagesInUse', {
    name: 'typerush-dev-registry-monitoring',
    repositoryNames: ['typerush/api'],
    metrics: new RegistryMetrics('typerush-dev'),
    lambdaFunctions,
  });
  return Template.fromStack(stack);
}

const template = templateFor(['one', 't*']);

const registryId = '123456789012';
const host = `${registryId}.dkr.ecr.ap-southeast-1.amazonaws.com`;
const digest = (nth: number) => `sha256:${String(nth).padStart(64, '0')}`;
const arn = (resource: string) => `arn:aws:ecs:ap-southeast-1:${registryId}:${resource}`;

interface Account {
  /** By repository, the images that its policy would expire, with their tags. */
  readonly expiring?: Readonly<Record<string, readonly (readonly string[])[]>>;
  readonly withoutPolicy?: readonly string[];
  /** By family and revision. */
  readonly active?: Readonly<Record<string, string>>;
  readonly inactive?: Readonly<Record<string, string>>;
  /** The task definitions of services in the cluster. */
  readonly services?: readonly string[];
  readonly tasks?: readonly { readonly image: string; readonly imageDigest?: string }[];
  readonly functions?: Readonly<Record<string, string>>;
  /** @default ['IN_PROGRESS', 'COMPLETE'] */
  readonly statuses?: readonly string[];
}

/** An account that answers a page of one at a time. */
function answerOf(account: Account): { readonly answer: Answer; readonly calls: SdkCall[] } {
  const { expiring = {}, active = {}, inactive = {}, services = [], tasks = [] } = account;
  const { functions = {}, withoutPolicy = [] } = account;
  const calls: SdkCall[] = [];
  const statuses = [...(account.statuses ?? ['IN_PROGRESS', 'COMPLETE'])];
  const page = <T>(items: readonly T[], token: unknown) => {
    const from = Number(token ?? 0);
    const next = from + 1 < items.length ? String(from + 1) : undefined;
    return { items: items.slice(from, from + 1), next };
  };
  const answer: Answer = (call) => {
    calls.push(call);
    const { command, input } = call;
    const repositoryName = String(input['repositoryName']);
    const list = <T>(field: string, items: readonly T[]) => {
      const { items: some, next } = page(items, input['nextToken']);
      return { [field]: some, nextToken: next };
    };
    switch (command) {
      case 'DescribeRepositories': {
        const names = [...Object.keys(expiring), ...withoutPolicy];
        const found = names.map((name) => ({ registryId, repositoryName: name }));
        return list('repositories', found);
      }
      case 'StartLifecyclePolicyPreview':
        if (withoutPolicy.includes(repositoryName)) {
          throw awsError('LifecyclePolicyNotFoundException', 'none');
        }
        return { registryId, repositoryName, status: 'IN_PROGRESS' };
      case 'GetLifecyclePolicyPreview': {
        const status = statuses.length > 1 ? statuses.shift() : statuses[0];
        const results = (expiring[repositoryName] ?? []).map((imageTags, nth) => ({
          imageDigest: digest(nth),
          imageTags: [...imageTags],
          action: { type: 'EXPIRE' },
          appliedRulePriority: 3,
        }));
        return { registryId, repositoryName, status, ...list('previewResults', results) };
      }
      case 'ListTaskDefinitions':
        return list(
          'taskDefinitionArns',
          Object.keys(active).map((name) => arn(`task-definition/${name}`)),
        );
      case 'DescribeTaskDefinition': {
        const name = String(input['taskDefinition']).split('/').at(-1) ?? '';
        const image = active[name] ?? inactive[name];
        if (!image) throw awsError('ClientException', 'Unable to describe task definition.');
        return { taskDefinition: { containerDefinitions: [{ name: 'main', image }] } };
      }
      case 'ListClusters':
        return list('clusterArns', [arn('cluster/empty'), arn('cluster/prod')]);
      case 'ListServices':
        return list(
          'serviceArns',
          input['cluster'] === arn('cluster/prod')
            ? services.map((name) => arn(`service/prod/${name}`))
            : [],
        );
      case 'DescribeServices':
        return {
          services: (input['services'] as string[]).map((serviceArn) => ({
            serviceArn,
            status: 'ACTIVE',
            taskDefinition: arn(`task-definition/${serviceArn.split('/').at(-1)}`),
          })),
        };
      case 'ListTasks':
        return list(
          'taskArns',
          input['cluster'] === arn('cluster/prod')
            ? tasks.map((_, nth) => arn(`task/prod/${nth}`))
            : [],
        );
      case 'DescribeTasks':
        return {
          tasks: (input['tasks'] as string[]).map((taskArn) => ({
            taskArn,
            containers: [tasks[Number(taskArn.split('/').at(-1))]],
          })),
        };
      case 'ListFunctions': {
        const { items, next } = page(Object.keys(functions), input['Marker']);
        const Functions = items.map((FunctionName) => ({
          FunctionName,
          Version: '$LATEST',
          PackageType: 'Image',
        }));
        return { Functions, NextMarker: next };
      }
      case 'GetFunction': {
        const ResolvedImageUri = functions[String(input['FunctionName'])];
        if (!ResolvedImageUri) throw awsError('ResourceNotFoundException', 'Function not found');
        return { Code: { ResolvedImageUri } };
      }
      default:
        throw awsError('AccessDeniedException', `not authorized to perform: ${command}`);
    }
  };
  return { answer, calls };
}

async function check(account: Account, of = template) {
  const { answer, calls } = answerOf(account);
  const lines = await runInline(of, answer);
  const metrics = new Map(lines.flatMap((line) => [...metricsOf(line)]));
  return {
    endangered: metrics.get('Registry/typerush-dev EndangeredImages {Registry=typerush-dev}'),
    found: lines.filter((line) => 'UsedBy' in line),
    calls,
  };
}

const expiring = { 'typerush/api': [['v1'], ['v2', 'old'], []] };

describe('the code of the check of images in use', () => {
  it.each<[string, Account, number]>([
    [
      'an active task definition',
      { active: { 'a:1': `${host}/typerush/api:v3`, 'b:1': `${host}/typerush/api:old` } },
      1,
    ],
    [
      'an inactive task definition of a service',
      { inactive: { 's:1': `${host}/typerush/api:v1` }, services: ['s:1'] },
      0,
    ],
    [
      'a task by its digest',
      {
        tasks: [
          { image: `${host}/typerush/api:v9` },
          { image: `${host}/typerush/api:prod`, imageDigest: digest(2) },
        ],
      },
      2,
    ],
    [
      'a function by its digest',
      { functions: { one: `${host}/typerush/api@${digest(1)}`, two: `${host}/x:v1` } },
      1,
    ],
    [
      'another name of the host',
      { functions: { one: `${registryId}.dkr-ecr.ap-southeast-1.on.aws/typerush/api:v1` } },
      0,
    ],
  ])('finds the image that expires and that is used by %s', async (_, account, nth) => {
    const { endangered, found } = await check({ expiring, ...account });
    expect(endangered).toBe(1);
    expect(found).toEqual([
      expect.objectContaining({ Repository: 'typerush/api', Image: digest(nth), Rule: 3 }),
    ]);
    expect(found[0]?.['UsedBy']).toHaveLength(1);
  });

  it.each<[string, Account]>([
    ['nothing uses', {}],
    ['only an inactive task definition uses', { inactive: { 's:1': `${host}/typerush/api:v1` } }],
    [
      'is used by its tag in another region',
      { active: { 'a:1': `${registryId}.dkr.ecr.eu-west-1.amazonaws.com/typerush/api:v1` } },
    ],
    [
      'is used by its tag in another account',
      { active: { 'a:1': '210987654321.dkr.ecr.ap-southeast-1.amazonaws.com/typerush/api:v1' } },
    ],
    [
      'has lost its tag to the image of a task',
      { tasks: [{ image: `${host}/typerush/api:v1`, imageDigest: digest(9) }] },
    ],
  ])('measures 0 for an image that %s', async (_, account) => {
    const { endangered, found } = await check({ expiring, ...account });
    expect({ endangered, found }).toEqual({ endangered: 0, found: [] });
  });

  it('reads only functions that the registry lets pull', async () => {
    const functions = { one: `${host}/x:v1`, two: `${host}/x:v1`, someone: `${host}/x:v1` };
    const read = (calls: readonly SdkCall[]) =>
      calls.flatMap(({ command, input }) =>
        command === 'GetFunction' ? input['FunctionName'] : [],
      );
    expect(read((await check({ functions })).calls)).toEqual(['one', 'two']);
    const none = templateFor([]);
    const { calls } = await check({ functions }, none);
    expect(calls.filter(({ client }) => client?.endsWith('lambda'))).toEqual([]);
    expect(JSON.stringify(none.findResources('AWS::IAM::Policy'))).not.toContain('lambda:');
  });

  it('previews only repositories of its namespaces that have a policy and a use', async () => {
    const { endangered, calls } = await check({
      expiring: { ...expiring, 'typerush/unused': [['v1']], 'somebody/else': [['v1']] },
      withoutPolicy: ['typerush/bare'],
      active: {
        'a:1': `${host}/typerush/api:v1`,
        'b:1': `${host}/typerush/bare:v1`,
        'c:1': `${host}/somebody/else:v1`,
      },
    });
    expect(endangered).toBe(1);
    const started = calls.filter(({ command }) => command === 'StartLifecyclePolicyPreview');
    expect(started.map(({ input }) => input['repositoryName'])).toEqual([
      'typerush/api',
      'typerush/bare',
    ]);
  });

  it('fails if ECR cannot evaluate a policy, so that the alarm on errors is raised', async () => {
    const active = { 'a:1': `${host}/typerush/api:v1` };
    await expect(check({ expiring, active, statuses: ['FAILED'] })).rejects.toThrow(
      'The preview of typerush/api is FAILED',
    );
  });

  it('calls only what its role allows', async () => {
    const { calls } = await check({
      expiring,
      active: { 'a:1': `${host}/typerush/api:v1` },
      services: ['a:1'],
      tasks: [{ image: `${host}/typerush/api:v1` }],
      functions: { one: `${host}/typerush/api:v1` },
    });
    const called = calls.map(
      ({ client, command }) => `${client?.replace('@aws-sdk/client-', '')}:${command}`,
    );
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policy?.['Properties'].PolicyDocument.Statement as {
      Action: string | string[];
    }[];
    const allowed = statements.flatMap(({ Action }) => Action).filter((one) => !/^logs:/.test(one));
    expect([...new Set(called)].sort()).toEqual([...allowed].sort());
  });
});
