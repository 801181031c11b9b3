import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { GetLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import { credentialsOf } from '../access/test/principals';
import {
  type ControlledServer,
  pullOnly,
  region,
  repositoryName,
  roleArn,
  startControlledServer,
  userArn,
} from '../access/test/controlled-server';
import { withoutSpace } from './test/open-console';

const inRepository = { registry: `000000000000/${region}`, name: repositoryName };

let server: ControlledServer;
beforeEach(async () => {
  server = await startControlledServer();
});
afterEach(() => server.close());

function open(
  authorization: string | undefined,
  path: string,
  parameters: Readonly<Record<string, string>> = {},
) {
  return fetch(`${server.url()}${path}?${new URLSearchParams(parameters).toString()}`, {
    headers: { accept: 'text/html', ...(authorization && { authorization }) },
  });
}

/** The page as a principal gets it who may log in. */
async function pageOf(who: string, path: string, parameters?: Readonly<Record<string, string>>) {
  const response = await open(await server.loginOf(who), path, parameters);
  return { status: response.status, text: withoutSpace(await response.text()) };
}

async function imageDigest(): Promise<string> {
  const { text } = await pageOf('admin', '/_console/repository', inRepository);
  return decodeURIComponent(/digest=(sha256%3A[0-9a-f]{64})/.exec(text)?.[1] ?? '');
}

describe('the console with a file of roles', () => {
  it('asks for the login of docker, and shows nothing before', async () => {
    const expired = await server.loginOf('admin');
    server.passHours(13);
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const logins = [undefined, 'Basic', 'Bearer x', basic('AWS:no'), basic('root:x'), expired];
    for (const login of logins) {
      for (const path of ['/', '/_console/repository', '/_console/requests', '/_console/stacks']) {
        const response = await open(login, path, inRepository);
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toBe(
          'Basic realm="ecr-local", charset="UTF-8"',
        );
        expect(await response.text()).toContain('aws ecr get-login-password');
      }
    }
  });

  it('still answers curl with the first commands', async () => {
    const response = await fetch(server.url(), { headers: { accept: '*/*' } });
    expect(response.headers.get('content-type')).toContain('text/plain');
  });

  it('shows who is logged in, and all that this principal may see', async () => {
    const { text } = await pageOf('admin', '/');
    expect(text).toContain(userArn('admin'));
    expect(text).toContain(`>${repositoryName}</a`);
    expect((await pageOf('admin', '/_console/requests')).text).toContain('CreateRepository');
  });

  it.each([
    ['/', 'There is no repository that you may see.'],
    ['/_console/stacks', 'There is no stack that you may see.'],
  ])('shows a principal without permissions nothing at %s', async (path, text) => {
    const page = await pageOf('login', path);
    expect(page.text).toContain(text);
    expect(page.text).not.toContain(repositoryName);
  });

  it.each([
    ['/_console/repository', 'ecr:DescribeRepositories'],
    ['/_console/image', 'ecr:DescribeImages'],
    ['/_console/policy', 'ecr:GetLifecyclePolicy'],
  ])('denies %s in AWS’s words, also for what does not exist', async (path, action) => {
    for (const name of [repositoryName, 'no/such']) {
      const { status, text } = await pageOf('login', path, { ...inRepository, name });
      expect(status).toBe(403);
      expect(text).toContain(
        `User: ${userArn('login')} is not authorized to perform: ${action} on resource: ` +
          `arn:aws:ecr:${region}:000000000000:repository/${name} because no identity-based policy allows`,
      );
    }
  });

  it.each<Record<string, string>>([{}, { live: '' }])(
    'keeps the requests of others from those who may not read them: %j',
    async (query) => {
      const { status, text } = await pageOf('login', '/_console/requests', query);
      expect(status).toBe(403);
      expect(text).toContain('ecr-local:ReadRequests');
    },
  );

  it('names the principals that may pull an image, and why', async () => {
    await server.setPolicy({
      Effect: 'Allow',
      Principal: { AWS: userArn('login') },
      Action: pullOnly,
    });
    const { text } = await pageOf('admin', '/_console/image', {
      ...inRepository,
      digest: await imageDigest(),
    });
    const row = (name: string, why: string) =>
      `<td class="wrap">${name}</td><td class="wrap">${why}</td>`;
    const missing = (action: string) =>
      `because no identity-based policy allows the ${action} action`;
    expect(text).toContain(row(userArn('admin'), 'allowed by an identity-based policy'));
    expect(text).toContain(row(userArn('puller'), 'allowed by an identity-based policy'));
    expect(text).toContain(row(userArn('login'), 'allowed by a resource-based policy'));
    expect(text).toContain(row(roleArn('ci/push'), 'allowed by an identity-based policy'));
    expect(text).toContain(row(userArn('nobody'), missing('ecr:GetAuthorizationToken')));
    expect(text).toContain(
      row(
        userArn('bounded'),
        'because no permissions boundary allows the ecr:GetAuthorizationToken action',
      ),
    );
    expect(text).toMatch(/4 principals may pull it/);
  });

  it('evaluates the roles of stacks for who may pull', async () => {
    const client = new CloudFormationClient({
      endpoint: server.url(),
      region,
      credentials: credentialsOf('admin'),
    });
    const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
    const trust = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'ecs-tasks.amazonaws.com' },
        },
      ],
    };
    const Resources = {
      Task: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'task',
          Path: '/services/',
          AssumeRolePolicyDocument: trust,
          Policies: [{ PolicyName: 'all', PolicyDocument: { Version: '2012-10-17', Statement } }],
        },
      },
    };
    await client.send(
      new CreateStackCommand({
        StackName: 'service',
        TemplateBody: JSON.stringify({ Resources }),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    );
    client.destroy();
    const { text } = await pageOf('admin', '/_console/image', {
      ...inRepository,
      digest: await imageDigest(),
    });
    expect(text).toContain(
      `<td class="wrap">${roleArn('services/task')}</td><td class="wrap">allowed by an identity-based policy</td>`,
    );
    expect((await pageOf('admin', '/_console/stacks')).text).toContain('<h2>service</h2>');
  });

  it('shows other principals only to those who may simulate their policies', async () => {
    await server.setPolicy({
      Effect: 'Allow',
      Principal: { AWS: userArn('puller') },
      Action: 'ecr:DescribeImages',
    });
    const { status, text } = await pageOf('puller', '/_console/image', {
      ...inRepository,
      digest: await imageDigest(),
    });
    expect(status).toBe(200);
    expect(text).toContain('iam:SimulatePrincipalPolicy');
    expect(text).toContain('ecr:DescribeImageScanFindings');
    expect(text).not.toContain(userArn('admin'));
  });

  it('changes a policy and the clock only for those who may', async () => {
    const viewing = ['ecr:GetLifecyclePolicy', 'ecr:DescribeImages'];
    await server.setPolicy({
      Effect: 'Allow',
      Principal: { AWS: userArn('puller') },
      Action: viewing,
    });
    const send = async (who: string, fields: Readonly<Record<string, string>>) => {
      const authorization = await server.loginOf(who);
      const page = await (await open(authorization, '/_console/policy', inRepository)).text();
      const [, token = ''] = /name="token" value="([^"]+)"/.exec(page) ?? [];
      return fetch(`${server.url()}/_console/policy`, {
        method: 'POST',
        body: new URLSearchParams({ token, ...inRepository, ...fields }),
        headers: { authorization },
        redirect: 'manual',
      });
    };
    const text = JSON.stringify({
      rules: [
        {
          rulePriority: 1,
          selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 5 },
          action: { type: 'expire' },
        },
      ],
    });
    const saved = new GetLifecyclePolicyCommand({ repositoryName });
    for (const [fields, action] of [
      [{ do: 'apply', text, days: '5' }, 'ecr:PutLifecyclePolicy'],
      [{ do: 'move', text, days: '5' }, 'ecr-local:MoveClock'],
    ] as const) {
      const answer = await send('puller', fields);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain(`is not authorized to perform: ${action}`);
    }
    await expect(server.ecrOf('admin').send(saved)).rejects.toMatchObject({
      name: 'LifecyclePolicyNotFoundException',
    });
    expect((await send('admin', { do: 'apply', text, days: '5' })).status).toBe(303);
    expect((await server.ecrOf('admin').send(saved)).lifecyclePolicyText).toBe(text);
  });
});
