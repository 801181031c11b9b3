import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { readServiceImage } from '@typerush/pipeline-context';
import { planBuild } from './build-plan';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'plan-build-'));
  await write('registry.json', { namespace: 'team', naming: 'per-environment' });
  await write('package.json', { repository: { url: 'git+https://host.example/team/it.git' } });
  await write('services/a/package.json', { name: '@team/a', version: '1.2.3' });
  await write('services/a/image.json', image);
});
afterEach(() => rm(root, { recursive: true }));

const image = { repository: 'api', retention: 'release', port: 8080, health: '/up' };

async function write(file: string, content: unknown): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), JSON.stringify(content));
}

const read = (environment: Environment = 'dev') =>
  readServiceImage(
    {
      root,
      projectName: 'a',
      projectsConfigurations: { projects: { a: { root: 'services/a' } } },
    },
    environment,
  );
const plan = async (environment: Environment, base: 'auto' | 'stand-in' = 'auto') =>
  planBuild(await read(environment), { environment, base, dockerfile: 'Dockerfile' }, {});

describe('planBuild', () => {
  it('reads everything from the files of workspace and project', async () => {
    expect(await plan('staging')).toEqual({
      service: 'a',
      repository: 'team-staging/api',
      workspaceRoot: root,
      dockerfile: path.join(root, 'Dockerfile'),
      args: {
        APP: 'a',
        OUTPUT: 'dist/services/a',
        PORT: '8080',
        HEALTH: '/up',
        TITLE: 'a',
        VERSION: '1.2.3',
        SOURCE: 'https://host.example/team/it',
      },
      platforms: ['linux/amd64'],
      base: 'auto',
      pins: {},
      lockFile: 'Dockerfile.lock.json',
      baseMirrors: {},
      insecureRegistries: [],
      allowStandIn: true,
      standInName: 'team/base-stand-in',
      outDir: path.join(root, 'dist/images/a'),
    });
  });

  it('uses version and licence of the workspace if the project has no package.json', async () => {
    await write('package.json', { version: '2.0.0', license: 'Apache-2.0' });
    expect((await plan('dev')).args).toMatchObject({ VERSION: '1.2.3', LICENSES: 'Apache-2.0' });
    await rm(path.join(root, 'services/a/package.json'));
    expect((await plan('dev')).args).toMatchObject({ VERSION: '2.0.0', LICENSES: 'Apache-2.0' });
  });

  it('rejects a stand-in base image for prod', async () => {
    expect((await plan('prod')).allowStandIn).toBe(false);
    await expect(plan('prod', 'stand-in')).rejects.toMatchObject({ code: 'STAND_IN_FOR_PROD' });
  });

  it('reports file, field and fix of an invalid image.json', async () => {
    await write('services/a/image.json', { ...image, prot: 1 });
    await expect(read()).rejects.toMatchObject({
      code: 'IMAGE_CONFIG_INVALID',
      message: expect.stringMatching(/services\/a\/image\.json[\s\S]*prot[\s\S]*"port"/),
    });
  });

  it('reports a missing file', async () => {
    await rm(path.join(root, 'registry.json'));
    await expect(read()).rejects.toMatchObject({
      code: 'FILE_MISSING',
      message: expect.stringContaining('registry.json'),
    });
  });
});
