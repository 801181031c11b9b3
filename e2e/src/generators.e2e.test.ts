import { readFile, writeFile } from 'node:fs/promises';
import { LocalRegistry } from './support/local-registry';
import { quietNpm, requireNpmRegistry } from './support/npm';
import { BuiltService } from './support/service-process';
import { WorkspaceCopy } from './support/workspace-copy';

const services = ['api', 'realtime', 'workers'];
const projects = `--projects=${services.join(',')}`;

/** npm finds most packages in the workspace. */
const npm = { ...quietNpm, npm_config_prefer_offline: 'true' };

describe('generated services', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;

  const generate = (...args: string[]) => workspace.nxOk(['g', ...args], npm);

  beforeAll(async () => {
    await requireNpmRegistry();
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.remove();
  });

  it('are printed and not written with --dry-run', async () => {
    const output = await generate(
      '@typerush/nx-ecr:service',
      'api',
      '--framework=nest',
      '--dry-run',
    );
    expect(output).toContain('CREATE apps/api/src/main.ts');
    expect(await workspace.git('status', '--porcelain')).toBe('');
  });

  it('are generated from a name and a framework', async () => {
    const tags = '--tags=scope:shared,type:app';
    await generate(
      '@typerush/nx-ecr:service',
      'api',
      '--framework=nest',
      '--retention=release',
      tags,
    );
    await generate(
      '@typerush/nx-ecr:service',
      'realtime',
      '--framework=express',
      '--websocket',
      tags,
    );
    await generate('@typerush/nx-ecr:service', '--name=workers', '--framework=worker', tags);
    await ownThePlatform(workspace);
    await workspace.commit('feat: add the services of the platform');
    expect(await workspace.git('show', '--stat=200', 'HEAD')).toMatch(/apps\/workers\/image\.json/);
  });

  it('pass the checks of this workspace: format, lint, types and tests', async () => {
    await workspace.nxOk(['sync:check']);
    await workspace.nxOk(['run-many', '-t', 'lint', 'typecheck', 'test', projects]);
    const prettier = workspace.path('node_modules/.bin/prettier');
    const checked = await workspace.run(prettier, [
      '--check',
      ...services.map((name) => `apps/${name}`),
    ]);
    expect(checked).toContain('All matched files use Prettier code style');
  });

  it('are pushed to their own repositories, with the tags of their retention profile', async () => {
    await workspace.nxOk(['run-many', '-t', 'provision', projects, '-c', 'local'], registry.env);
    const output = await workspace.nxOk(
      ['run-many', '-t', 'docker-push', projects, '-c', 'local', '--engine=oci', '--base=stand-in'],
      registry.env,
    );
    expect(output).toContain('3 of 3 images are in their registries');
    const sha = (await workspace.git('rev-parse', '--short=7', 'HEAD')).trim();
    for (const service of services) {
      const tags = [...(await registry.images(`typerush/${service}`)).values()].flat();
      const fixed = service === 'api' ? [`sha-${sha}`, 'v0.1.0'] : [`dev-${sha}`];
      expect(tags).toEqual(expect.arrayContaining(['latest', ...fixed]));
    }
  });

  it('pass docker-verify', async () => {
    const options = ['-c', 'local', '--engine=oci', '--base=stand-in', '--runtime=node'];
    await workspace.nxOk(['run-many', '-t', 'docker-verify', projects, ...options]);
  });

  it.each(services)('%s runs from the files of its image, and stops on SIGTERM', async (name) => {
    const service = await BuiltService.start(workspace.path(`dist/apps/${name}`), [
      'service/main.js',
    ]);
    try {
      await service.untilAnswers('/health/live');
      await service.untilAnswers('/health/ready');
    } finally {
      expect(await service.stop()).toBe(0);
    }
  });
});

/** Removes the platform's services of another repository from the infrastructure: this workspace now declares them. */
async function ownThePlatform(workspace: WorkspaceCopy): Promise<void> {
  const file = workspace.path('registry.json');
  const { systems, ...registry } = JSON.parse(await readFile(file, 'utf8'));
  expect(systems).toHaveLength(1);
  await writeFile(file, JSON.stringify(registry));
}
