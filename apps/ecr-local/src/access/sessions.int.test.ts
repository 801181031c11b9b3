import { DescribeRepositoriesCommand, ListImagesCommand } from '@aws-sdk/client-ecr';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import {
  arnOf,
  type ControlledServer,
  type Credentials,
  denial,
  repositoryName,
  roleArn,
  startControlledServer,
  userArn,
} from './test/controlled-server';
import { account, allowing, credentialsOf } from './test/principals';

let server: ControlledServer;
beforeAll(async () => {
  server = await startControlledServer();
});
afterAll(() => server.close());

describe('STS under access control', () => {
  it('names the caller', async () => {
    await expect(
      server.stsOf('nobody').send(new GetCallerIdentityCommand({})),
    ).resolves.toMatchObject({
      Account: account,
      Arn: userArn('nobody'),
    });
  });

  it('gives a session to those that the role trusts, bound by the policies of the role', async () => {
    const session = await server.assume('nobody', 'ci/push');
    const arn = `arn:aws:sts::${account}:assumed-role/push/me`;
    await expect(
      server.stsOf(session).send(new GetCallerIdentityCommand({})),
    ).resolves.toMatchObject({
      Arn: arn,
      UserId: expect.stringMatching(/^AROA[0-9A-F]{17}:me$/),
    });
    await expect(
      server.ecrOf(session).send(new ListImagesCommand({ repositoryName })),
    ).resolves.toBeDefined();
    await expect(
      server.ecrOf(session).send(new ListImagesCommand({ repositoryName: 'secret/app' })),
    ).rejects.toMatchObject(denial(arn, 'ecr:ListImages', arnOf('secret/app')));
  });

  it.each([
    ['puller', 'ci/push'],
    ['stranger', 'ci/push'],
    ['admin', 'no/such'],
  ])('denies %s the role %s', async (who, role) => {
    await expect(server.assume(who, role)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`sts:AssumeRole on resource: ${roleArn(role)}`),
    });
  });

  it('lets in another account that is trusted and may assume', async () => {
    await expect(server.assume('outsider', 'ci/push')).resolves.toBeDefined();
  });

  it('limits a session by the policy that it was started with', async () => {
    const Policy = JSON.stringify(allowing('ecr:DescribeImages'));
    const session = await server.assume('nobody', 'ci/push', { Policy });
    await expect(
      server.ecrOf(session).send(new ListImagesCommand({ repositoryName })),
    ).rejects.toMatchObject({
      message: expect.stringContaining(
        'because no session policy allows the ecr:ListImages action',
      ),
    });
    await expect(server.assume('nobody', 'ci/push', { Policy: '{}' })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
  });

  it('ends a session', async () => {
    const session = await server.assume('nobody', 'ci/push', { DurationSeconds: 900 });
    server.passHours(1);
    await expect(
      server.ecrOf(session).send(new ListImagesCommand({ repositoryName })),
    ).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });
    await expect(
      server.stsOf(session).send(new GetCallerIdentityCommand({})),
    ).rejects.toMatchObject({
      name: 'ExpiredToken',
    });
  });
});

describe('forged credentials', () => {
  const call = (credentials: Credentials) =>
    server.ecrOf(credentials).send(new DescribeRepositoriesCommand({}));

  it('are refused in AWS’s words', async () => {
    await expect(call({ ...credentialsOf('admin'), secretAccessKey: 'x' })).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    await expect(call({ accessKeyId: 'AKIANONE', secretAccessKey: 'x' })).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
    await expect(
      server
        .stsOf({ ...credentialsOf('admin'), secretAccessKey: 'x' })
        .send(new GetCallerIdentityCommand({})),
    ).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
    await expect(
      server
        .stsOf({ accessKeyId: 'AKIANONE', secretAccessKey: 'x' })
        .send(new GetCallerIdentityCommand({})),
    ).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });

  it('are refused with the token, the key or the secret of another session', async () => {
    const one = await server.assume('nobody', 'ci/push');
    const two = await server.assume('nobody', 'ci/push');
    const unknown = { name: 'UnrecognizedClientException' };
    await expect(call({ ...one, sessionToken: two.sessionToken })).rejects.toMatchObject(unknown);
    await expect(call({ ...one, sessionToken: 'x' })).rejects.toMatchObject(unknown);
    await expect(call({ ...one, sessionToken: `${one.sessionToken}x` })).rejects.toMatchObject(
      unknown,
    );
    await expect(
      call({ ...credentialsOf('admin'), sessionToken: one.sessionToken }),
    ).rejects.toMatchObject(unknown);
    await expect(call({ ...one, secretAccessKey: two.secretAccessKey })).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    const withoutToken = { accessKeyId: one.accessKeyId, secretAccessKey: one.secretAccessKey };
    await expect(call(withoutToken)).rejects.toMatchObject(unknown);
    // The token of a login is signed with the same secret, and is none of a session.
    const password = Buffer.from((await server.loginOf('admin')).slice(6), 'base64')
      .toString()
      .slice(4);
    await expect(call({ ...one, sessionToken: password })).rejects.toMatchObject(unknown);
  });

  it('do not reach the clock', async () => {
    const response = await fetch(`${server.url()}/_local/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"advanceSeconds": 1}',
    });
    expect(response.status).toBe(403);
  });

  it('are refused without a signature', async () => {
    const response = await fetch(server.url(), {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories' },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});
