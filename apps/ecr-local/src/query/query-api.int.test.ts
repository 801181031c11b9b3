import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type QueryServer, startQueryServer } from './test/query-server';

let server: QueryServer;
let sts: STSClient;

beforeAll(async () => {
  server = await startQueryServer();
  sts = new STSClient({
    endpoint: server.url,
    region: 'ap-southeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

afterAll(async () => {
  sts.destroy();
  await server.stop();
});

const post = (body: string) =>
  fetch(server.url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  });

describe('STS', () => {
  it('returns the identity of the caller', async () => {
    await expect(sts.send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Account: '000000000000',
      Arn: 'arn:aws:iam::000000000000:user/local',
    });
  });

  it('gives temporary credentials for a named role', async () => {
    const answer = await sts.send(
      new AssumeRoleCommand({
        RoleArn: 'arn:aws:iam::000000000000:role/path/deploy',
        RoleSessionName: 'me',
      }),
    );
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::000000000000:assumed-role/deploy/me');
    expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA[A-F0-9]{16}$/);
    expect(answer.Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
  });

  it('refuses what is not the ARN of a role', async () => {
    await expect(
      sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::1:user/x', RoleSessionName: 'me' })),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining('RoleArn'),
    });
  });
});

describe('the Query protocol', () => {
  it.each([
    ['Action=ListThings&Version=2010-05-15', "CloudFormation action 'ListThings' is not emulated"],
    ['Action=constructor&Version=2010-05-15', "action 'constructor' is not emulated"],
    [
      'Action=ListUsers&Version=2010-05-08',
      "No service with the API version '2010-05-08' is emulated",
    ],
    ['', 'must name an Action and a Version'],
    ['Action=DescribeStackEvents&Version=2010-05-15', 'StackName: '],
  ])('refuses %s', async (body, message) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('text/xml');
    expect((await response.text()).replaceAll('&apos;', "'")).toContain(message);
  });

  it('refuses a body without end', async () => {
    const response = await post(`Action=${'x'.repeat(2_000_000)}`);
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('<Code>MalformedQueryString</Code>');
  });

  it('leaves other content types to the next handler', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/x-amz-json-1.1' },
    });
    expect(response.status).toBe(404);
  });
});
