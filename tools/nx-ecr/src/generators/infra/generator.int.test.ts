import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import infraGenerator from './generator';

jest.setTimeout(60_000);

const workspaceRoot = path.join(__dirname, '../../../../..');
const tsx = pathToFileURL(require.resolve('tsx')).href;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'infra-'));
  await symlink(path.join(workspaceRoot, 'node_modules'), path.join(root, 'node_modules'));
  const tree = createTreeWithEmptyWorkspace();
  await infraGenerator(tree, { skipFormat: true });
  for (const { path: file, content } of tree.listChanges()) {
    if (content) await write(file, content);
  }
  await write(
    'apps/api/image.json',
    JSON.stringify({ repository: 'api', retention: 'environment', port: 80, health: '/health' }),
  );
  await write('apps/api/package.json', JSON.stringify({ name: 'api' }));
});
afterAll(() => rm(root, { recursive: true }));

async function write(file: string, content: string | Buffer): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), content);
}

/** Runs the generated app. @returns the name, retention rules and tags of each repository by its stack */
async function synthesize(registry: object): Promise<Map<string, string>> {
  await write('registry.json', JSON.stringify(registry));
  const out = path.join(root, 'cdk.out');
  await promisify(execFile)(process.execPath, ['--import', tsx, 'infra/src/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      CDK_OUTDIR: out,
      CDK_CONTEXT_JSON: JSON.stringify({ environment: 'prod' }),
    },
  });
  const names = new Map<string, string>();
  for (const file of (await readdir(out)).filter((each) => each.endsWith('.template.json'))) {
    const { Resources } = JSON.parse(await readFile(path.join(out, file), 'utf8')) as {
      Resources: Record<string, { Type: string; Properties: { RepositoryName: string } }>;
    };
    const repository = Object.values(Resources).find(({ Type }) => Type === 'AWS::ECR::Repository');
    if (repository) {
      names.set(file.replace('.template.json', ''), repository.Properties.RepositoryName);
    }
  }
  return names;
}

describe('the generated CDK app', () => {
  const own = { namespace: 'acme', naming: 'shared' };
  const platform = {
    namespace: 'acme',
    naming: 'per-environment',
    retention: 'release',
    services: ['billing'],
  };

  it('declares the repositories of projects, and of the systems in registry.json', async () => {
    expect(await synthesize({ ...own, systems: [platform] })).toEqual(
      new Map([
        ['acme-prod-registry-api', 'acme/api'],
        ['acme-prod-registry-billing', 'acme-prod/billing'],
      ]),
    );
  });

  it('rejects a service of a system that is called like a project', async () => {
    const systems = [{ ...platform, services: ['api'] }];
    await expect(synthesize({ ...own, systems })).rejects.toThrow('Two services are called "api"');
  });
});
