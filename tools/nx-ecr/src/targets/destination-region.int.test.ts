import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { digestOf } from '@typerush/oci';
import { executors } from '../../executors.json';

/** The options with which each command that uses the registry of an environment begins its first request. */
const commands: Readonly<Record<string, object>> = {
  'docker-deploy': { environment: 'prod' },
  'docker-diff': { environment: 'prod', from: 'prod', to: `sha256:${'1'.repeat(64)}` },
  'docker-promote': { from: 'prod', to: 'staging' },
  'docker-push': { environment: 'prod', dryRun: true },
  'docker-rollback': { environment: 'prod', list: true },
  'docker-scan': { environment: 'prod' },
  backup: { environment: 'prod', to: 'backup' },
  cdk: { environment: 'prod', command: 'destroy', yes: true },
  cost: { environment: 'prod' },
  drift: { environment: 'prod' },
  preview: { environment: 'prod' },
  restore: { environment: 'prod', from: 'saved' },
};

/** Commands without a request of their own to the registry of an environment. */
const others = {
  build: 'runs esbuild',
  'docker-audit': 'reads advisories',
  'docker-build': 'pulls base images from the registry in their name',
  'docker-lock': 'looks base images up in the registry in their name',
  'docker-verify': 'finds the signed image as docker-diff finds it',
  'nx-release-publish': 'runs docker-push',
};

const project = { root: 'apps/app', targets: { 'docker-push': {} } };
const image = { repository: 'app', retention: 'environment', port: 3000, health: '/' };
const repository = {
  name: 'team/app',
  arn: 'arn:aws:ecr:eu-west-1:123456789012:repository/team/app',
  imageTagMutability: 'MUTABLE',
  imageTagMutabilityExclusionFilters: [],
  scanOnPush: true,
  encryption: { type: 'AES256' },
  lifecyclePolicy: null,
  repositoryPolicy: null,
  resourceTags: {},
  images: [],
};
const template = {
  Resources: {
    Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'team/app' } },
  },
};
const files: Readonly<Record<string, object>> = {
  'package.json': { name: 'team', version: '1.0.0' },
  'registry.json': {
    namespace: 'team',
    naming: 'shared',
    destinations: {
      staging: [{ region: 'sa-east-1' }],
      prod: [{ region: 'eu-west-1' }],
    },
  },
  'apps/app/image.json': image,
  'dist/infra/prod/manifest.json': {
    version: '1',
    artifacts: { registry: { type: 'aws:cloudformation:stack' } },
  },
  'dist/infra/prod/registry.template.json': template,
  'saved/backup.json': {
    format: 'registry-backup',
    version: 1,
    environment: 'prod',
    registryId: '123456789012',
    region: 'eu-west-1',
    startedAt: '2026-01-01T00:00:00Z',
    completedAt: '2026-01-01T00:00:00Z',
    withImages: false,
    repositories: [
      { name: 'team/app', digest: digestOf(JSON.stringify(repository)), images: 0, tags: 0 },
    ],
  },
  'saved/repositories/team/app.json': repository,
};

let root: string;
let server: Server;
/** The regions that requests were signed for. */
let regions: string[];
const saved = { ...process.env };

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'regions-'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(content));
  }
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
  server = createServer(({ headers: { authorization = '' } }, response) => {
    regions.push(/Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization)?.[1] ?? authorization);
    const __type = 'AccessDeniedException';
    response.writeHead(400, { 'x-amzn-errortype': __type }).end(JSON.stringify({ __type }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterAll(async () => {
  process.env = saved;
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true });
});
beforeEach(() => {
  regions = [];
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

async function run(command: string): Promise<readonly string[]> {
  const { default: executor } = await import(`./${command}/executor`);
  const projects = { app: project };
  await executor(commands[command], {
    root,
    cwd: root,
    projectName: 'app',
    targetName: command,
    projectsConfigurations: { version: 2, projects },
    projectGraph: { nodes: { app: { name: 'app', type: 'app', data: project } }, dependencies: {} },
  });
  return [...new Set(regions)];
}

describe.each(Object.keys(commands))('the region of %s', (command) => {
  it('is that of the environment in registry.json, not AWS_REGION', async () => {
    process.env['AWS_REGION'] = 'ap-southeast-1';
    expect((await run(command)).filter((region) => region !== 'sa-east-1')).toEqual(['eu-west-1']);
  });
});

describe('the list of commands', () => {
  it('has each executor of the plugin', () => {
    const listed = [...Object.keys(commands), ...Object.keys(others)];
    expect(listed.sort()).toEqual(Object.keys(executors).sort());
  });
});
