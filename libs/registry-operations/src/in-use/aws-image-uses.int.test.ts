import { performance } from 'node:perf_hooks';
import { FakeWorkloads, type Workloads } from '../../test/fake-workloads';
import { imageUseActions } from './aws-call';
import { awsImageUses } from './aws-image-uses';

const api = '123456789012.dkr.ecr.ap-southeast-1.amazonaws.com/typerush/api';
const digest = `sha256:${'a'.repeat(64)}`;

let fake: FakeWorkloads | undefined;
afterEach(async () => {
  const used = fake;
  fake = undefined;
  await used?.stop();
});

async function usesOf(workloads: Workloads): Promise<string[]> {
  fake = await FakeWorkloads.start(workloads);
  const uses = await awsImageUses(fake.target, 'dev');
  return uses.map(({ image, user }) => `${user}: ${image}`).sort();
}

const definition = (name: string, status: 'ACTIVE' | 'INACTIVE', ...images: string[]) => ({
  name,
  status,
  images,
});

describe('the images in use of ECS and Lambda', () => {
  it('are those of each container of active task definitions, on every page', async () => {
    const definitions = Array.from({ length: 5 }, (_, n) =>
      definition(`api:${n}`, 'ACTIVE', `${api}:v${n}`, `${api}@${digest}`),
    );
    expect(await usesOf({ definitions })).toEqual(
      definitions.flatMap(({ name, images }) =>
        [...images].sort().map((image) => `ECS task definition ${name}: ${image}`),
      ),
    );
  });

  it('include inactive task definitions only if a service uses or deploys them', async () => {
    const definitions = ['old:1', 'kept:1', 'new:1'].map((name) =>
      definition(name, 'INACTIVE', `${api}:${name.replace(':', '-')}`),
    );
    const services = {
      empty: [],
      prod: [
        { name: 'api', definition: 'kept:1', deploying: ['new:1'] },
        { name: 'deleted', definition: 'old:1', status: 'INACTIVE' as const },
      ],
    };
    expect(await usesOf({ definitions, services })).toEqual([
      `ECS service prod/api: ${api}:kept-1`,
      `ECS service prod/api: ${api}:new-1`,
    ]);
  });

  it('include tasks by the digest that they run, in every cluster', async () => {
    const tasks = Object.fromEntries(
      ['one', 'two', 'three'].map((cluster) => [
        cluster,
        Array.from({ length: 3 }, (_, n) => ({
          id: `t${n}`,
          definition: 'gone:1',
          image: `${api}:prod`,
          ...(n > 0 && { imageDigest: digest }),
        })),
      ]),
    );
    const uses = await usesOf({ tasks });
    expect(uses).toHaveLength(9);
    expect(uses).toContain(`ECS task two/t0: ${api}:prod`);
    expect(uses).toContain(`ECS task two/t2: ${api}:prod@${digest}`);
  });

  it('include functions and their versions by the digest that Lambda resolved', async () => {
    const functions = [
      { name: 'resize', version: '$LATEST', image: `${api}:v2`, resolvedImage: `${api}@${digest}` },
      { name: 'resize', version: '1', image: `${api}:v1` },
      { name: 'zipped', version: '$LATEST' },
    ];
    expect(await usesOf({ functions })).toEqual([
      `Lambda function resize:$LATEST: ${api}@${digest}`,
      `Lambda function resize:1: ${api}:v1`,
    ]);
  });

  it('are read again after requests were throttled', async () => {
    const definitions = [definition('api:1', 'ACTIVE', `${api}:v1`)];
    const functions = [{ name: 'resize', version: '1', image: `${api}:v2` }];
    const throttled = { 'ecs:DescribeTaskDefinition': 2, 'lambda:GetFunction': 2 };
    expect(await usesOf({ definitions, functions, throttled })).toHaveLength(2);
  });

  it.each(imageUseActions)('are not known without %s, and the message names it', async (denied) => {
    const everything: Workloads = {
      definitions: [definition('api:1', 'ACTIVE', `${api}:v1`)],
      services: { prod: [{ name: 'api', definition: 'api:1' }] },
      tasks: { prod: [{ id: 't1', definition: 'api:1', image: `${api}:v1` }] },
      functions: [{ name: 'resize', version: '1', image: `${api}:v2` }],
      denied: [denied],
    };
    await expect(usesOf(everything)).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringMatching(
        new RegExp(`not allowed to call ${denied}: .*\\nNo image was checked\\.\\nFix: grant them`),
      ),
    });
  });

  it('need no more than the actions that the message lists', async () => {
    await usesOf({
      definitions: [definition('api:1', 'ACTIVE', `${api}:v1`)],
      services: { prod: [{ name: 'api', definition: 'api:1' }] },
      tasks: { prod: [{ id: 't1', definition: 'api:1', image: `${api}:v1` }] },
      functions: [{ name: 'resize', version: '1', image: `${api}:v2` }],
    });
    expect([...new Set(fake?.calls)].sort()).toEqual([...imageUseActions]);
  });

  it('of 100 task definitions take one request each, and less than 2 seconds', async () => {
    const definitions = Array.from({ length: 100 }, (_, n) =>
      definition(`api:${n}`, 'ACTIVE', `${api}:v${n}`),
    );
    const from = performance.now();
    expect(await usesOf({ definitions, pageSize: 100 })).toHaveLength(100);
    // Ten times as long, for a slow machine.
    expect(performance.now() - from).toBeLessThan(20_000);
    expect(fake?.calls.filter((action) => action === 'ecs:DescribeTaskDefinition')).toHaveLength(
      100,
    );
  });
});
