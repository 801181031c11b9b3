import { readFile, writeFile } from 'node:fs/promises';
import { LocalRegistry } from './support/local-registry';
import { quietNpm, requireNpmRegistry } from './support/npm';
import { WorkspaceCopy } from './support/workspace-copy';

const services = ['mailer', 'indexer', 'reporter'];
const npm = { ...quietNpm, npm_config_prefer_offline: 'true' };

/** Independent versions from conventional commits, as docs/releasing.md describes. */
const release = {
  projects: services,
  projectsRelationship: 'independent',
  releaseTag: { pattern: '{projectName}@{version}' },
  version: {
    conventionalCommits: true,
    versionActionsOptions: { skipLockFileUpdate: true },
  },
  changelog: { workspaceChangelog: false, projectChangelogs: true },
};

describe('nx release', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;

  beforeAll(async () => {
    await requireNpmRegistry();
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    for (const service of services) {
      const options = ['--framework=worker', '--tags=scope:shared,type:app'];
      await workspace.nxOk(['g', '@typerush/nx-ecr:service', service, ...options], npm);
    }
    await configure();
    await workspace.commit('chore: add three services');
    await workspace.nxOk(['run', 'infra:deploy:local'], registry.env);
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.remove();
  });

  const configure = async () => {
    const file = workspace.path('nx.json');
    const nx = JSON.parse(await readFile(file, 'utf8')) as { targetDefaults: object };
    const environments = { environment: 'local', prereleaseEnvironment: 'local' };
    const publish = { '@typerush/nx-ecr:nx-release-publish': { options: environments } };
    const targetDefaults = { ...nx.targetDefaults, ...publish };
    await writeFile(file, JSON.stringify({ ...nx, targetDefaults, release }, null, 2));
  };
  const author = {
    GIT_AUTHOR_NAME: 'e2e',
    GIT_AUTHOR_EMAIL: 'e2e@localhost',
    GIT_COMMITTER_NAME: 'e2e',
    GIT_COMMITTER_EMAIL: 'e2e@localhost',
    HUSKY: '0',
  };
  const run = (...args: string[]) =>
    workspace.nxOk(['release', ...args], { ...registry.env, ...author });
  const gitTags = async () => (await workspace.git('tag', '--list')).split('\n').filter(Boolean);
  const change = async (service: string, message: string, line: string) => {
    const file = workspace.path(`apps/${service}/src/main.ts`);
    await writeFile(file, `${await readFile(file, 'utf8')}\n${line}\n`);
    await workspace.commit(message);
  };
  /** The version tags of all images of each service. */
  const versions = async () =>
    Object.fromEntries(
      await Promise.all(
        services.map(async (service) => {
          const images = [...(await registry.images(`typerush/${service}`)).values()];
          return [
            service,
            images
              .flat()
              .filter((tag) => tag.startsWith('v'))
              .sort(),
          ] as const;
        }),
      ),
    );

  it('pushes an image of every service in the first release', async () => {
    const output = await run('1.0.0', '--first-release', '--yes');
    expect(output).toContain('pushed v1.0.0 to local');
    expect(await versions()).toEqual({
      mailer: ['v1.0.0'],
      indexer: ['v1.0.0'],
      reporter: ['v1.0.0'],
    });
    expect((await gitTags()).sort()).toEqual(services.map((name) => `${name}@1.0.0`).sort());
  });

  it('changes nothing in a dry run', async () => {
    await change('mailer', 'feat(mailer): send more', 'setTimeout(() => undefined, 0).unref();');
    const head = await workspace.git('rev-parse', 'HEAD');
    expect(await run('--dry-run', '--yes')).toContain('would push v1.1.0 to local');
    expect(await workspace.git('rev-parse', 'HEAD')).toBe(head);
    expect((await versions())['mailer']).toEqual(['v1.0.0']);
  });

  it('makes one image, one Git tag and one changelog entry for one feat in one service', async () => {
    await run('--yes');
    expect(await versions()).toEqual({
      mailer: ['v1.0.0', 'v1.1.0'],
      indexer: ['v1.0.0'],
      reporter: ['v1.0.0'],
    });
    expect(await gitTags()).toHaveLength(4);
    const changelog = await readFile(workspace.path('apps/mailer/CHANGELOG.md'), 'utf8');
    expect(changelog.match(/send more/g)).toHaveLength(1);
  });

  it('does nothing if it runs again', async () => {
    const before = [await workspace.git('rev-parse', 'HEAD'), await gitTags(), await versions()];
    await run('--yes');
    expect([await workspace.git('rev-parse', 'HEAD'), await gitTags(), await versions()]).toEqual(
      before,
    );
  });

  it('pushes a pre-release under its version', async () => {
    await change('indexer', 'feat(indexer): find more', 'setTimeout(() => undefined, 1).unref();');
    await run('preminor', '--preid=rc', '--projects=indexer', '--yes');
    expect((await versions())['indexer']).toEqual(['v1.0.0', 'v1.1.0-rc.0']);
  });
});
