import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { EcrRepositories } from './ecr-repositories';

type Answer = readonly [status: number, body: unknown];

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

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
    GetAuthorizationToken: [
      200,
      {
        authorizationData: [
          {
            authorizationToken: Buffer.from('AWS:pass:word').toString('base64'),
            proxyEndpoint: 'http://127.0.0.1:1',
          },
        ],
      },
    ],
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

it('tells where a repository is, how to log in, and which tags may move', async () => {
  expect(await find()).toMatchObject({
    host: expect.stringMatching(/^127\.0\.0\.1:/),
    path: 'team/app',
    scheme: 'http',
    credentials: { username: 'AWS', password: 'pass:word' },
    mutability: {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'prod' }],
    },
  });
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
