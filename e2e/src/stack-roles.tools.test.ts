import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalRegistry } from './support/local-registry';
import { randomImage } from './support/random-image';
import { run, runOk } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

jest.setTimeout(600_000);

const account = '000000000000';
const region = 'ap-southeast-1';
const repository = 'typerush/game-service';

interface Credentials {
  readonly id: string;
  readonly secret: string;
  readonly token?: string;
}

const key = (name: string): Credentials => ({
  id: `AKIA${name.toUpperCase()}`,
  secret: `${name}-secret-of-forty-characters-1234567`,
});

const allowing = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});
const user = (name: string, policies: readonly object[]) => ({
  arn: `arn:aws:iam::${account}:user/${name}`,
  accessKeys: [{ id: key(name).id, secretFile: name }],
  policies,
});
const service = (name: string, principal: string) => ({
  service: principal,
  account,
  accessKeys: [{ id: key(name).id, secretFile: name }],
});

const principals = [
  user('admin', [allowing('*')]),
  user('other', [allowing('ecr:GetAuthorizationToken')]),
  service('codebuild', 'codebuild.amazonaws.com'),
  service('ecs', 'ecs-tasks.amazonaws.com'),
];

describe('the roles of the deployed stacks', () => {
  let folder: string;
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;
  let image: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stack-roles-'));
    const roles = join(folder, 'roles.json');
    await writeFile(roles, JSON.stringify({ principals }), { mode: 0o600 });
    for (const name of ['admin', 'other', 'codebuild', 'ecs']) {
      await writeFile(join(folder, name), key(name).secret, { mode: 0o600 });
    }
    await mkdir(join(folder, 'image'));
    await randomImage(join(folder, 'image'), [1024 * 1024]);
    image = `oci:${join(folder, 'image')}`;
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace, { roles });
    await workspace.nxOk(['run', 'infra:synth:local'], registry.env);
    const deploy = ['deploy', '--all', '--require-approval', 'never', '--app', 'dist/infra/local'];
    await runOk(process.execPath, ['node_modules/aws-cdk/bin/cdk', ...deploy], {
      cwd: workspace.root,
      env: variables(key('admin')),
    });
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.remove();
    await rm(folder, { recursive: true });
  });

  const variables = ({ id, secret, token }: Credentials) => ({
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: token,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: registry.url,
    AWS_PAGER: '',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: '1',
  });

  const aws = (who: Credentials, ...args: string[]) =>
    run('aws', [...args, '--endpoint-url', registry.url, '--output', 'json'], {
      env: variables(who),
    });

  /** A session of the role that a stack has made under a name with this part. */
  async function assume(who: Credentials, part: string): Promise<Credentials> {
    const { code, stdout, output } = await aws(
      who,
      ...['sts', 'assume-role', '--role-arn', await roleArn(part), '--role-session-name', 'test'],
    );
    if (code !== 0) throw new Error(output);
    const { Credentials: made } = JSON.parse(stdout);
    return { id: made.AccessKeyId, secret: made.SecretAccessKey, token: made.SessionToken };
  }

  async function roleArn(part: string): Promise<string> {
    const { stdout } = await aws(key('admin'), 'cloudformation', 'describe-stacks');
    const names = (JSON.parse(stdout).Stacks as { StackName: string }[]).map(
      (stack) => stack.StackName,
    );
    const access = names.find((name) => name.endsWith('-access')) ?? '';
    const resources = await aws(
      key('admin'),
      ...['cloudformation', 'list-stack-resources', '--stack-name', access],
    );
    const { StackResourceSummaries } = JSON.parse(resources.stdout) as {
      StackResourceSummaries: { ResourceType: string; PhysicalResourceId: string }[];
    };
    const role = StackResourceSummaries.find(
      ({ ResourceType, PhysicalResourceId }) =>
        ResourceType === 'AWS::IAM::Role' && PhysicalResourceId.includes(part),
    );
    return `arn:aws:iam::${account}:role/${role?.PhysicalResourceId}`;
  }

  async function login(who: Credentials): Promise<string> {
    const { stdout } = await aws(who, 'ecr', 'get-login-password');
    return `AWS:${stdout.trim()}`;
  }

  const reference = (tag: string) => `docker://127.0.0.1:${registry.port}/${repository}:${tag}`;

  const push = async (who: Credentials, tag: string) =>
    run('skopeo', [
      'copy',
      '--dest-tls-verify=false',
      '--dest-creds',
      await login(who),
      image,
      reference(tag),
    ]);

  const pull = async (who: Credentials, tag: string) =>
    run('skopeo', [
      ...['copy', '--src-tls-verify=false', '--src-creds', await login(who), reference(tag)],
      `oci:${join(folder, 'pulled')}`,
    ]);

  const remove = (who: Credentials, tag: string) =>
    aws(
      who,
      ...[
        'ecr',
        'batch-delete-image',
        '--repository-name',
        repository,
        '--image-ids',
        `imageTag=${tag}`,
      ],
    );

  it('let CodeBuild push, and not delete', async () => {
    const build = await assume(key('codebuild'), 'push');
    expect(await push(build, 'v1')).toMatchObject({ code: 0 });
    const deleted = await remove(build, 'v1');
    expect(deleted.code).not.toBe(0);
    expect(deleted.output).toMatch(
      /AccessDeniedException.*assumed-role\/\S*push\S*\/test is not authorized to perform: ecr:BatchDeleteImage on resource: arn:aws:ecr:ap-southeast-1:000000000000:repository\/typerush\/game-service/,
    );
    const repositoryDeleted = await aws(
      build,
      ...['ecr', 'delete-repository', '--force', '--repository-name', repository],
    );
    expect(repositoryDeleted.output).toContain('AccessDeniedException');
  });

  it('let ECS pull, and not push', async () => {
    const task = await assume(key('ecs'), 'pull');
    expect(await pull(task, 'v1')).toMatchObject({ code: 0 });
    const pushed = await push(task, 'v2');
    expect(pushed.code).not.toBe(0);
    expect(pushed.output).toMatch(
      /denied.*not authorized to perform: ecr:(InitiateLayerUpload|PutImage)/i,
    );
  });

  it('let nobody else in', async () => {
    for (const [who, part] of [
      ['codebuild', 'pull'],
      ['ecs', 'push'],
      ['other', 'push'],
    ] as const) {
      await expect(assume(key(who), part)).rejects.toThrow(/AccessDenied.*sts:AssumeRole/);
    }
    const pulled = await pull(key('other'), 'v1');
    expect(pulled.code).not.toBe(0);
    expect(pulled.output).toMatch(
      /denied.*user\/other is not authorized to perform: ecr:BatchGetImage/i,
    );
    const described = await aws(key('other'), 'ecr', 'describe-repositories');
    expect(described.output).toContain('AccessDeniedException');
    const forged = await aws({ ...key('admin'), secret: 'x' }, 'ecr', 'describe-repositories');
    expect(forged.output).toContain('InvalidSignatureException');
  });

  it('belong to stacks whose drift and parameters the AWS CLI shows', async () => {
    const admin = key('admin');
    const mutable = ['ecr', 'put-image-scanning-configuration', '--repository-name', repository];
    expect(
      (await aws(admin, ...mutable, '--image-scanning-configuration', 'scanOnPush=false')).code,
    ).toBe(0);
    const stack = await stackOfRepository();
    const detection = await aws(
      admin,
      'cloudformation',
      'detect-stack-drift',
      '--stack-name',
      stack,
    );
    expect(JSON.parse(detection.stdout)).toMatchObject({
      StackDriftDetectionId: expect.any(String),
    });
    const drifts = await aws(
      admin,
      ...['cloudformation', 'describe-stack-resource-drifts', '--stack-name', stack],
    );
    expect(drifts.stdout).toContain('/ImageScanningConfiguration/ScanOnPush');
    const parameters = await aws(
      admin,
      ...['ssm', 'get-parameters-by-path', '--path', '/', '--recursive'],
    );
    expect(parameters.code).toBe(0);
    for (const { Name, Value } of JSON.parse(parameters.stdout).Parameters) {
      const one = await aws(admin, 'ssm', 'get-parameter', '--name', Name);
      expect(JSON.parse(one.stdout).Parameter).toMatchObject({ Name, Value });
    }
  });

  async function stackOfRepository(): Promise<string> {
    const { stdout } = await aws(
      key('admin'),
      ...['cloudformation', 'describe-stack-resources', '--physical-resource-id', repository],
    );
    return JSON.parse(stdout).StackResources[0].StackName;
  }
});
