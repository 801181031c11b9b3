import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type QueryServer, startQueryServer } from '../query/test/query-server';

/** The real CDK command line over prebuilt cloud assemblies, as BootstraplessSynthesizer writes them. */
const cdkCli = require.resolve('aws-cdk/bin/cdk');
const run = promisify(execFile);

let folder: string;
let server: QueryServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecr-local-cdk-'));
  server = await startQueryServer();
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function writeAssembly(name: string, template: object): Promise<string> {
  const directory = join(folder, name);
  await mkdir(directory);
  const manifest = {
    version: '48.0.0',
    artifacts: {
      GameService: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://000000000000/ap-southeast-1',
        properties: { templateFile: 'GameService.template.json', terminationProtection: false },
        displayName: 'GameService',
      },
    },
  };
  await writeFile(join(directory, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(directory, 'GameService.template.json'), JSON.stringify(template));
  return directory;
}

async function cdk(assembly: string, ...args: string[]) {
  server.actions.length = 0;
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    CI: 'true',
    NO_COLOR: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    NODE_NO_WARNINGS: '1',
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: 'ap-southeast-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const options = { cwd: folder, env };
  const { stdout, stderr } = await run(
    process.execPath,
    [cdkCli, '--app', assembly, '--no-notices', ...args],
    options,
  );
  return { output: stdout + stderr, actions: [...server.actions] };
}

const template = (mutability: string) => ({
  Resources: {
    Repo: {
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName: 'typerush/game-service', ImageTagMutability: mutability },
    },
    Push: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
  },
  Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Repo', 'Arn'] } } },
});

describe('the CDK command line', () => {
  it('deploys, finds nothing to do, diffs a change, deploys it and destroys', async () => {
    const mutable = await writeAssembly('mutable', template('MUTABLE'));
    const immutable = await writeAssembly('immutable', template('IMMUTABLE'));
    const { repositories } = server.registry;

    const first = await cdk(mutable, 'deploy', '--require-approval', 'never');
    expect(first.output).toContain(
      'GameService.Arn = arn:aws:ecr:ap-southeast-1:000000000000:repository/typerush/game-service',
    );
    expect(first.output).toContain('recorded, not emulated');
    expect(repositories.get('typerush/game-service')?.settings).toMatchObject({
      imageTagMutability: 'MUTABLE',
    });

    const second = await cdk(mutable, 'deploy', '--require-approval', 'never');
    expect(second.output).toContain('GameService (no changes)');
    expect(second.actions).not.toContain('CreateChangeSet');

    const forced = await cdk(mutable, 'deploy', '--require-approval', 'never', '--force');
    expect(forced.output).toContain('would not make any changes');

    const diff = await cdk(immutable, 'diff');
    expect(diff.output).toContain('Number of stacks with differences: 1');
    expect(diff.output).toContain('IMMUTABLE');
    expect(repositories.get('typerush/game-service')?.settings).toMatchObject({
      imageTagMutability: 'MUTABLE',
    });

    await cdk(immutable, 'deploy', '--require-approval', 'never');
    expect(repositories.get('typerush/game-service')?.settings).toMatchObject({
      imageTagMutability: 'IMMUTABLE',
    });

    const destroyed = await cdk(immutable, 'destroy', '--force');
    expect(destroyed.output).toContain('GameService: destroyed');
    expect(repositories.size).toBe(0);
  }, 300_000);

  it('reports why a deploy failed, exits with an error, and succeeds after the cause is removed', async () => {
    const assembly = await writeAssembly('failing', template('MUTABLE'));
    await server.registry.createRepository({ repositoryName: 'typerush/game-service' });
    await expect(cdk(assembly, 'deploy', '--require-approval', 'never')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/identifier\s+'typerush\/game-service'\s+already\s+exists/),
    });
    server.registry.repositories.clear();
    await cdk(assembly, 'deploy', '--require-approval', 'never');
    expect([...server.registry.repositories.keys()]).toEqual(['typerush/game-service']);
  }, 300_000);

  it('imports a repository, shows its drift, reverts it, and imports it again by its name', async () => {
    const { Repo } = template('IMMUTABLE').Resources;
    const retained = { Resources: { Repo: { ...Repo, DeletionPolicy: 'Retain' } } };
    const assembly = await writeAssembly('imported', retained);
    const { repositories } = server.registry;
    repositories.clear();
    await cdk(assembly, 'destroy', '--force');
    const repositoryName = 'typerush/game-service';
    await server.registry.createRepository({ repositoryName, imageTagMutability: 'IMMUTABLE' });
    const mapping = join(folder, 'mapping.json');
    await writeFile(mapping, JSON.stringify({ Repo: { RepositoryName: repositoryName } }));
    const imported = await cdk(assembly, 'import', '--resource-mapping', mapping, '--force');
    expect(imported.actions).toContain('ExecuteChangeSet');
    expect(repositories.get(repositoryName)?.tags).toEqual([]);

    expect((await cdk(assembly, 'drift', '--fail')).output).toContain('No drift detected');
    Object.assign(repositories.get(repositoryName)?.settings ?? {}, {
      imageTagMutability: 'MUTABLE',
    });
    await expect(cdk(assembly, 'drift', '--fail')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('ImageTagMutability'),
    });
    await cdk(assembly, 'deploy', '--revert-drift', '--require-approval', 'never');
    expect(repositories.get(repositoryName)?.settings).toMatchObject({
      imageTagMutability: 'IMMUTABLE',
    });

    await cdk(assembly, 'destroy', '--force');
    expect(repositories.has(repositoryName)).toBe(true);
    const again = ['deploy', '--import-existing-resources', '--require-approval', 'never'];
    expect((await cdk(assembly, ...again)).output).toContain('GameService');
    expect([...repositories.keys()]).toEqual([repositoryName]);
  }, 300_000);
});
