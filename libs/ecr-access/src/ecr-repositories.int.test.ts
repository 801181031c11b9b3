import { awsError, FakeEcrApi } from '../test';
import { EcrRepositories } from './ecr-repositories';

let ecr: FakeEcrApi;
let answers: Record<string, unknown>;

/** The operations of ECR that a push uses. */
beforeEach(async () => {
  ecr = await FakeEcrApi.start((operation) => answers[operation]);
  answers = {
    DescribeRepositories: {
      repositories: [
        {
          repositoryUri: `127.0.0.1:${ecr.port}/team/app`,
          imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
          imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'prod' }],
        },
      ],
    },
    GetAuthorizationToken: token('pass:word'),
  };
});
afterEach(() => ecr.stop());

const find = (environment: 'local' | 'prod' = 'local') =>
  new EcrRepositories(ecr.target, { project: 'app', environment }).find('team/app');

const token = (password: string, proxyEndpoint = 'http://127.0.0.1:1') => {
  const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
  return { authorizationData: [{ authorizationToken, proxyEndpoint }] };
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
    answers['GetAuthorizationToken'] = awsError('ExpiredTokenException', 'a reason');
    await expect(credentials()).rejects.toMatchObject({ code: 'CREDENTIALS_EXPIRED' });
  });

  it.each([
    ['RepositoryNotFoundException', 'REPOSITORY_MISSING', 'nx run app:provision -c prod'],
    ['ExpiredTokenException', 'CREDENTIALS_EXPIRED', 'log in again'],
    ['UnrecognizedClientException', 'CREDENTIALS_INVALID', 'AWS_PROFILE'],
    ['AccessDeniedException', 'ACCESS_DENIED', 'ecr:GetAuthorizationToken'],
    ['InvalidParameterException', 'REGISTRY_FAILED', 'InvalidParameterException'],
  ])('names the fix for %s', async (type, code, remedy) => {
    answers['DescribeRepositories'] = awsError(type, 'a reason');
    await expect(find('prod')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(remedy),
    });
  });

  it('names the file of roles, and the way around it, if the local registry has one', async () => {
    answers['DescribeRepositories'] = awsError('UnrecognizedClientException', 'a reason');
    await expect(find('local')).rejects.toMatchObject({
      code: 'CREDENTIALS_INVALID',
      message:
        `127.0.0.1:${ecr.port} does not accept the access key "local", with which -c local signs: ` +
        'it was started with a file of roles (ECR_LOCAL_ROLES).\n' +
        'Fix: start it without ECR_LOCAL_ROLES,\n' +
        `     or use -c dev with AWS_ENDPOINT_URL=http://127.0.0.1:${ecr.port}, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n` +
        '     of a principal in that file.',
    });
  });

  it('names the command that starts the local registry if it is unreachable', async () => {
    await ecr.stop();
    await expect(find()).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringMatching(
        new RegExp(`127\\.0\\.0\\.1:${ecr.port} \\(ECONN.*\\n.*npm start`),
      ),
    });
  });
});
