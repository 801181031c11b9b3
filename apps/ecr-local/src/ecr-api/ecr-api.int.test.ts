import {
  CreateRepositoryCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { type LocalServer, startLocalServer } from '../test/local-server';

let server: LocalServer;
let client: ECRClient;
const repositoryName = 'team/app';

beforeEach(async () => {
  server = await startLocalServer();
  client = server.client;
  await client.send(new CreateRepositoryCommand({ repositoryName }));
});
afterEach(() => server.close());

describe('the protocol', () => {
  const call = (target: string, body: string, headers: Record<string, string> = {}) =>
    fetch(server.url, {
      method: 'POST',
      body,
      headers: {
        'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${target}`,
        authorization: 'AWS4-HMAC-SHA256 Credential=local',
        ...headers,
      },
    });

  it('writes a date as a number of seconds', async () => {
    const response = await call('DescribeRepositories', '{}');
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(await response.json()).toMatchObject({ repositories: [{ createdAt: 1767225600 }] });
  });

  it('gives a token for twelve hours', async () => {
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
    expect(authorizationData).toMatchObject([
      { expiresAt: new Date('2026-01-01T12:00:00Z'), proxyEndpoint: server.url },
    ]);
  });

  it('names an operation that is not here', async () => {
    expect(await (await call('DescribeLayers', '{}')).json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining("does not implement the ECR operation 'DescribeLayers'"),
    });
    for (const name of ['constructor', '__proto__', '']) {
      expect(await (await call(name, '{}')).json()).toMatchObject({
        __type: 'UnknownOperationException',
      });
    }
  });

  it.each([
    [
      'an unknown parameter',
      '{"repositoryNames":["aa"],"wrong":1}',
      "Unknown parameter in input: 'wrong'",
    ],
    ['a parameter of another type', '{"maxResults":"1"}', "'maxResults'"],
    ['a list instead of an object', '[]', 'not of the type object'],
    ['no JSON', '{', 'not JSON'],
  ])('refuses %s', async (_what, body, message) => {
    const response = await call('DescribeRepositories', body);
    expect(response.status).toBe(400);
    expect((await response.json()) as { message: string }).toMatchObject({
      message: expect.stringContaining(message),
    });
  });

  it('takes no request without a signature, as a web page would send', async () => {
    const response = await call('DescribeRepositories', '{}', { authorization: '' });
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});
