import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { EcrRepositories } from './ecr-repositories';

type Answer = readonly [status: number, body: unknown];

let server: Server;
let answers: Record<string, Answer>;
let port: number;

/** ECR's JSON protocol, as far as a push asks. */
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
    GetAuthorizationToken: login('pass:word'),
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

const login = (password: string, proxyEndpoint = 'http://127.0.0.1:1'): Answer => {
  const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
  return [200, { authorizationData: [{ authorizationToken, proxyEndpoint }] }];
};

it('tells where a repository is and which tags may move', async () => {
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

it('logs in, and again when the login has expired', async () => {
  const { credentials } = await find();
  if (typeof credentials !== 'function') throw new Error('credentials can be renewed');
  expect(await credentials()).toEqual({ username: 'AWS', password: 'pass:word' });
  answers['GetAuthorizationToken'] = login('another');
  expect(await credentials()).toEqual({ username: 'AWS', password: 'another' });
});

it('says what to do when the credentials have expired with the login', async () => {
  const { credentials } = await find();
  if (typeof credentials !== 'function') throw new Error('credentials can be renewed');
  await credentials();
  answers['GetAuthorizationToken'] = [
    400,
    { __type: 'ExpiredTokenException', message: 'so it is' },
  ];
  await expect(credentials()).rejects.toMatchObject({ code: 'CREDENTIALS_EXPIRED' });
});

it.each([
  ['RepositoryNotFoundException', 'REPOSITORY_MISSING', 'nx run app:provision -c prod'],
  ['ExpiredTokenException', 'CREDENTIALS_EXPIRED', 'Log in again'],
  ['UnrecognizedClientException', 'CREDENTIALS_INVALID', 'AWS_PROFILE'],
  ['AccessDeniedException', 'ACCESS_DENIED', 'ecr:GetAuthorizationToken'],
  ['LimitExceededException', 'REGISTRY_FAILED', 'LimitExceededException'],
])('says what to do about %s', async (type, code, remedy) => {
  answers['DescribeRepositories'] = [400, { __type: type, message: 'so it is' }];
  await expect(find('prod')).rejects.toMatchObject({
    code,
    message: expect.stringContaining(remedy),
  });
});

it('says how to start the local registry when nothing answers', async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(find()).rejects.toMatchObject({
    code: 'REGISTRY_UNREACHABLE',
    message: expect.stringMatching(new RegExp(`127\\.0\\.0\\.1:${port}.*npm start`)),
  });
  server = createServer().listen(0);
});
