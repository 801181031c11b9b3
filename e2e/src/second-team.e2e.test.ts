import { readFile, writeFile } from 'node:fs/promises';
import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr';
import { localCredentials, LocalRegistry } from './support/local-registry';
import { WorkspaceCopy } from './support/workspace-copy';

const environments = ['dev', 'staging', 'prod'];

describe('the registry of a second team', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    await rewriteJson('registry.json', (registryJson) => {
      delete registryJson['systems'];
      return { ...registryJson, namespace: 'acme', naming: 'per-environment' };
    });
    await rewriteJson('apps/game-service/image.json', (image) => ({
      ...image,
      repository: 'shop',
    }));
    await rewriteJson('apps/record-service/image.json', (image) => ({
      ...image,
      repository: 'billing',
      retention: 'release',
      keep: { images: { v: 30 } },
    }));
    const settings = 'infra/src/environments.ts';
    const text = await readFile(workspace.path(settings), 'utf8');
    const changed = text.replace(
      /staging: watched,/,
      "staging: { ...watched, emails: ['ops@acme.example'] },",
    );
    expect(changed).not.toBe(text);
    await writeFile(workspace.path(settings), changed);
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.remove();
  });

  async function rewriteJson(
    file: string,
    change: (content: Record<string, unknown>) => Record<string, unknown>,
  ): Promise<void> {
    const content = JSON.parse(await readFile(workspace.path(file), 'utf8'));
    await writeFile(workspace.path(file), JSON.stringify(change(content), null, 2));
  }

  const infra = (target: string, environment: string) =>
    workspace.nxOk(['run', `infra:${target}:${environment}`], {
      AWS_ENDPOINT_URL: registry.url,
      AWS_REGION: 'ap-southeast-1',
      AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    });

  it('needs changes in registry.json, image.json and environments.ts only', async () => {
    const changed = await workspace.git('diff', '--name-only');
    expect(changed.trim().split('\n')).toEqual([
      'apps/game-service/image.json',
      'apps/record-service/image.json',
      'infra/src/environments.ts',
      'registry.json',
    ]);
  });

  it.each(environments)('is deployed to %s, and nothing has drifted', async (environment) => {
    await infra('deploy', environment);
    expect(await infra('drift', environment)).toMatch(
      new RegExp(`no drift ${environment}: 2 repositories as declared`),
    );
    // With the names of the team in everything that is synthesized.
    const manifest = await readFile(
      workspace.path(`dist/infra/${environment}/manifest.json`),
      'utf8',
    );
    expect(manifest).toContain(`acme-${environment}-registry-game-service`);
    expect(manifest).not.toContain('typerush');
  });

  it('has two repositories for each environment', async () => {
    const { repositories = [] } = await registry.ecr.send(new DescribeRepositoriesCommand({}));
    expect(repositories.map(({ repositoryName }) => repositoryName).sort()).toEqual(
      environments.flatMap((name) => [`acme-${name}/billing`, `acme-${name}/shop`]).sort(),
    );
    const immutable = repositories.filter(
      ({ imageTagMutability }) => imageTagMutability === 'IMMUTABLE_WITH_EXCLUSION',
    );
    expect(immutable.map(({ repositoryName }) => repositoryName?.split('/')[0])).toEqual([
      'acme-prod',
      'acme-prod',
    ]);
  });
});
