import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { EcrRepositories } from './ecr-repositories';

type Answer = readonly [status: number, body: unknown];

let server: Server;
let answers: Record<string, Answer>;
let port: number;

/** The operations of ECR's JSON protocol that a push uses. */
beforeEach(async () => {
  answers = {
    DescribeRepositories: [
      200,
      {
        repositories: [
          {
            repositoryUri: `127.0.0.1:${port}/team/app`,
            imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
            imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'prod' }],
          },
        ],
      },
    ],
    GetAuthorizationToken: token('pass:word'),
  };
  server = createServer((request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const [status, body] = answers[operation] ?? [500, {}];
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const find = (environment: 'local' | 'prod' = 'local') =>
  new EcrRepositories(
    {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
    { project: 'app', environment },
  ).find('team/app');

const token = (password: string, proxyEndpoint = 'http://127.0.0.1:1'): Answer => {
  const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
  return [200, { authorizationData: [{ authorizationToken, proxyEndpoint }] }];
};

describe('EcrRepositories', () => {
  it('returns the address and the tag mutability of a repository', async () => {
    expect(await find()).toMatchObject({
      host: expect.stringMatching(/^127\.0\.0\.1:/),
      path: 'team/app',
      scheme: 'http',
      mutability: {
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'prod' }],
      },
    });
  });

  it('returns an authorization token, and a new one when it has expired', async () => {
    const { credentials } = await find();
    if (typeof credentials !== 'function') throw new Error('credentials can be renewed');
    expect(await credentials()).toEqual({ username: 'AWS', password: 'pass:word' });
    answers['GetAuthorizationToken'] = token('another');
    expect(await credentials()).toEqual({ username: 'AWS', password: 'another' });
  });

  it('names the fix if the AWS credentials have expired with the token', async () => {
    const { credentials } = await find();
    if (typeof credentials !== 'function') throw new Error('credentials can be renewed');
    await credentials();
    answers['GetAuthorizationToken'] = [
      400,
      { __type: 'ExpiredTokenException', message: 'a reason' },
    ];
    await expect(credentials()).rejects.toMatchObject({ code: 'CREDENTIALS_EXPIRED' });
  });

  it.each([
    ['RepositoryNotFoundException', 'REPOSITORY_MISSING', 'nx run app:provision -c prod'],
    ['ExpiredTokenException', 'CREDENTIALS_EXPIRED', 'log in again'],
    ['UnrecognizedClientException', 'CREDENTIALS_INVALID', 'AWS_PROFILE'],
    ['AccessDeniedException', 'ACCESS_DENIED', 'ecr:GetAuthorizationToken'],
    ['LimitExceededException', 'REGISTRY_FAILED', 'LimitExceededException'],
  ])('names the fix for %s', async (type, code, remedy) => {
    answers['DescribeRepositories'] = [400, { __type: type, message: 'a reason' }];
    await expect(find('prod')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(remedy),
    });
  });

  it('names the command that starts the local registry if it is unreachable', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(find()).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringMatching(
        new RegExp(`127\\.0\\.0\\.1:${port} \\(ECONN.*\\n.*npm start`),
      ),
    });
    server = createServer().listen(0);
  });
});
