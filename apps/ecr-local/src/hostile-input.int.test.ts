import { type HostileClients, startHostileClients } from './test/hostile-clients';
import { imageType, putManifest, sampleBlob } from './test/sample-images';

let server: HostileClients;
beforeAll(async () => {
  server = await startHostileClients();
}, 60_000);
afterAll(() => server.stop());

const blockLimitMs = 200;
afterEach(async () => {
  expect(await server.isLive()).toBe(true);
  expect(await server.longestBlockMs()).toBeLessThan(blockLimitMs);
});

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

let stacks = 0;
const createStack = (template: string | object) =>
  server.callCloudFormation({
    Action: 'CreateStack',
    StackName: `stack-${(stacks += 1)}`,
    TemplateBody: typeof template === 'string' ? template : JSON.stringify(template),
  });

const bucket = (properties: string) =>
  `{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":${properties}}}}`;

async function expectRefused(response: Response, text: string) {
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(text)]);
}

describe('input that is nested deeply', () => {
  const levels = [201, 5_000, 25_000];

  it.each(levels)('is rejected by the ECR API at %d levels', async (n) => {
    const tooDeep = 'is nested more than 200 levels deep';
    await expectRefused(await server.callEcr('CreateRepository', deep(n)), tooDeep);
    await expectRefused(await server.callEcr('TagResource', `{"tags":${deep(n)}}`), tooDeep);
    const manifest = JSON.stringify({ repositoryName: 'app', imageManifest: deep(n) });
    await expectRefused(await server.callEcr('PutImage', manifest), tooDeep);
  });

  it.each([201, 5_000])('is rejected in policies at %d levels', async (n) => {
    const principal = `{"Statement":{"Effect":"Allow","Action":"*","Principal":{"AWS":${deep(n)}}}}`;
    const policy = JSON.stringify({
      repositoryName: 'app',
      policyText: principal.slice(0, 10_240),
    });
    await expectRefused(await server.callEcr('SetRepositoryPolicy', policy), 'levels deep');
    const lifecyclePolicyText = `{"rules":[${deep(n)}]}`;
    const lifecycle = JSON.stringify({ repositoryName: 'app', lifecyclePolicyText });
    await expectRefused(await server.callEcr('PutLifecyclePolicy', lifecycle), 'levels deep');
  });

  it.each(levels)('is rejected in manifests at %d levels', async (n) => {
    const manifest = sampleBlob(`{"schemaVersion":2,"annotations":{"a":${deep(n)}}}`);
    await expectRefused(await putManifest(server.v2, 'app', 'v1', manifest, imageType), 'levels');
  });

  it.each([201, 1_000, 5_000, 17_000])('is rejected in templates at %d levels', async (n) => {
    await expectRefused(await createStack(bucket(`{"a":${deep(n)}}`)), 'levels deep');
    const nested = '{"Fn::If":["a",'.repeat(Math.min(n, 3_000));
    await expectRefused(await createStack(bucket(`{"a":${nested}`)), 'levels deep');
    await expectRefused(await createStack(`Metadata:\n${'- '.repeat(n)}a`), 'levels deep');
    await expectRefused(await createStack(`Metadata:\n${'? '.repeat(n)}a`), 'levels deep');
    await expectRefused(await createStack(`Metadata:\n${'a: '.repeat(n)}`), 'levels deep');
    await expectRefused(await createStack(`Metadata: ${'['.repeat(n)}`), 'levels deep');
    await expectRefused(await createStack(`Metadata: ${'{'.repeat(n)}: a`), 'levels deep');
    await expectRefused(await createStack(`Metadata: ${deep(n)}`), 'levels deep');
  });

  it('is rejected in block style, which needs a deeper indentation for each level', async () => {
    const lines = Array.from({ length: 300 }, (_, n) => `${' '.repeat(n)}a:`);
    await expectRefused(await createStack(lines.join('\n')), 'levels deep');
  });

  it('is not seen in text that only looks like it', async () => {
    const lines = Array.from({ length: 300 }, () => '    [{ - ? : - - - ] }');
    const texts = Array.from(
      { length: 60 },
      (_, n) => `  a${n}: |\n${lines.slice(0, 5).join('\n')}`,
    );
    const metadata = ['Metadata:', ...texts, '  b: >-', ...lines, '  c: "[[[["', "  d: '{{{{'"];
    const template = [...metadata, 'Resources:', '  A: { Type: "AWS::S3::Bucket" }'].join('\n');
    expect((await createStack(template)).status).toBe(200);
  });

  it('is accepted at 150 levels', async () => {
    expect((await createStack(bucket(`{"a":${deep(150)}}`))).status).toBe(200);
  });
});

describe('input that multiplies', () => {
  it('is rejected with too many values', async () => {
    const zeros = `[${'0,'.repeat(200_000)}0]`;
    await expectRefused(await server.callEcr('TagResource', `{"tags":${zeros}}`), '100000 values');
    const manifest = sampleBlob(`{"schemaVersion":2,"layers":${zeros}}`);
    await expectRefused(await putManifest(server.v2, 'app', 'v1', manifest), '100000 values');
    const form = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`a${n}`, '']));
    await expectRefused(
      await server.callCloudFormation({ Action: 'ListStacks', ...form }),
      '2000 parameters',
    );
  });

  it.each([
    ['BatchDeleteImage', 'imageIds'],
    ['BatchCheckLayerAvailability', 'layerDigests'],
    ['TagResource', 'tags'],
  ])('is rejected as 99,000 invalid entries of a list of %s', async (operation, field) => {
    const body = `{"repositoryName":"app","resourceArn":"a","${field}":[${'0,'.repeat(99_000)}0]}`;
    expect((await server.callEcr(operation, body)).status).toBe(400);
  });

  it('is rejected as a manifest of 99,000 invalid layers', async () => {
    const manifest = sampleBlob(
      `{"schemaVersion":2,"config":{},"layers":[${'0,'.repeat(99_000)}0]}`,
    );
    expect((await putManifest(server.v2, 'app', 'v1', manifest)).status).toBe(400);
  });

  it('is rejected as a condition that doubles at each of 300 levels', async () => {
    const conditions = (levels: number) =>
      Object.fromEntries(
        Array.from({ length: levels }, (_, n) => [
          `c${n}`,
          n === levels - 1
            ? { 'Fn::Equals': ['a', 'a'] }
            : { 'Fn::And': [{ Condition: `c${n + 1}` }, { Condition: `c${n + 1}` }] },
        ]),
      );
    const Resources = { A: { Type: 'AWS::S3::Bucket', Condition: 'c0' } };
    expect((await createStack({ Resources, Conditions: conditions(100) })).status).toBe(200);
    await expectRefused(await createStack({ Resources, Conditions: conditions(300) }), 'levels');
  });

  it('is rejected as text that functions repeat', async () => {
    const times = (n: number, of: object | string) => ({
      'Fn::Sub': ['${A}'.repeat(n), { A: of }],
    });
    const text = JSON.stringify({ a: times(500, times(500, times(500, 'a'))) });
    const outcome = await createStack({
      Resources: { A: { Type: 'AWS::S3::Bucket', Properties: JSON.parse(text) as object } },
    });
    const described = await server.callCloudFormation({
      Action: 'DescribeStackEvents',
      StackName: `stack-${stacks}`,
    });
    expect(`${await outcome.text()} ${await described.text()}`).toContain(
      'more than 262144 characters',
    );
  });

  it('is rejected as more than 500 resources', async () => {
    const entries = Array.from({ length: 501 }, (_, n) => [`A${n}`, { Type: 'A::B' }]);
    await expectRefused(await createStack({ Resources: Object.fromEntries(entries) }), '501');
  });

  it('is rejected as a cycle that 498 resources depend on, in a moment', async () => {
    const entries = Array.from({ length: 500 }, (_, n) => [
      `A${n}`,
      { Type: 'A::B', DependsOn: n === 499 ? 'A498' : `A${n + 1}` },
    ]);
    const response = await createStack({ Resources: Object.fromEntries(entries) });
    await expectRefused(response, 'Circular dependency between resources: [A498, A499]');
  });
});

describe('a regular expression in a template', () => {
  const declare = (AllowedPattern: string, Default: string) =>
    createStack({
      Parameters: { P: { Type: 'String', AllowedPattern, Default } },
      Resources: { A: { Type: 'AWS::S3::Bucket' } },
    });

  it.each(['(a+)+', '(a|a)*', '(a|aa)+', '(.*a){20}', '([a-zA-Z]+)*', '(?=(a+)+c)b'])(
    '%s is given up when it takes too long',
    async (pattern) => {
      await expectRefused(await declare(pattern, `${'a'.repeat(60)}!`), 'takes longer than 100 ms');
    },
  );

  it.each([
    ['groups within groups', '('.repeat(2_000) + ')'.repeat(2_000), 'levels deep'],
    ['assertions within assertions', '(?=a'.repeat(500) + ')'.repeat(500), 'levels deep'],
    ['a long one', 'a?'.repeat(5_000), 'at most 4096 characters'],
    ['no expression', '(', 'is not a regular expression'],
  ])('is rejected: %s', async (_what, pattern, reason) => {
    await expectRefused(await declare(pattern, 'a'), reason);
  });

  it('matches the whole value', async () => {
    expect((await declare('[a-z(]+', 'abc(')).status).toBe(200);
    await expectRefused(await declare('[a-z]+', 'abc1'), 'must match pattern');
  });
});

describe('a body that cannot be decoded', () => {
  const wrong = [
    { 'content-encoding': 'foo' },
    { 'content-encoding': 'gzip' },
    { 'content-encoding': 'br' },
    { 'content-encoding': 'deflate' },
  ];

  it.each(wrong)('is the client’s fault in each API: %j', async (headers) => {
    const responses = [
      await server.callEcr('DescribeRepositories', '{}', headers),
      await server.callCloudFormation({ Action: 'ListStacks' }, headers),
      await server.v2('/v2/app/manifests/v1', { method: 'PUT', body: '{}', headers }),
    ];
    for (const { status } of responses) expect([400, 415]).toContain(status);
  });

  it('has a charset that is not known', async () => {
    const contentType = { 'content-type': 'application/x-amz-json-1.1; charset=foo' };
    expect((await server.callEcr('DescribeRepositories', '{}', contentType)).status).toBe(400);
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=foo' };
    expect((await server.callCloudFormation({ Action: 'ListStacks' }, form)).status).toBe(415);
  });
});
