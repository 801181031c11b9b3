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

const group = ['mailer', 'reporter'];

/** One version for all services of the group. */
const fixedRelease = {
  ...release,
  projects: group,
  projectsRelationship: 'fixed',
  releaseTag: { pattern: 'v{version}' },
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
    await configure(release);
    await workspace.commit('chore: add three services');
    await workspace.nxOk(['run', 'infra:deploy:local'], registry.env);
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.remove();
  });

  const configure = async (settings: typeof release) => {
    const file = workspace.path('nx.json');
    const nx = JSON.parse(await readFile(file, 'utf8')) as { targetDefaults: object };
    const environments = { environment: 'local', prereleaseEnvironment: 'local' };
    const publish = { '@typerush/nx-ecr:nx-release-publish': { options: environments } };
    const targetDefaults = { ...nx.targetDefaults, ...publish };
    await writeFile(file, JSON.stringify({ ...nx, targetDefaults, release: settings }, null, 2));
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

  describe('of a fixed group', () => {
    const isOfGroup = (tag: string) => tag.startsWith('v2.');
    /** The version tags of the group: the same ones for each service, and none for another one. */
    const versionsOfGroup = async () => {
      const { mailer = [], reporter = [], indexer = [] } = await versions();
      expect(reporter.filter(isOfGroup)).toEqual(mailer.filter(isOfGroup));
      expect(indexer.filter(isOfGroup)).toEqual([]);
      return mailer.filter(isOfGroup);
    };
    const state = async () => ({
      head: await workspace.git('rev-parse', 'HEAD'),
      gitTags: await gitTags(),
      versions: await versions(),
    });

    beforeAll(async () => {
      await configure(fixedRelease);
      await workspace.commit('chore: release two services together');
    });

    it('pushes an image of every service in the first release, with one Git tag', async () => {
      await run('2.0.0', '--first-release', '--yes');
      expect(await versionsOfGroup()).toEqual(['v2.0.0']);
      expect((await gitTags()).filter(isOfGroup)).toEqual(['v2.0.0']);
    });

    it('changes nothing in a dry run, and lists every service', async () => {
      await change('reporter', 'feat(reporter): count', 'setTimeout(() => undefined, 2).unref();');
      const before = await state();
      const output = await run('--dry-run', '--yes');
      for (const service of group) {
        expect(output).toContain(`${service}: would push v2.1.0 to local`);
      }
      expect(await state()).toEqual(before);
    });

    it('gives every service the version of one feat in one of them', async () => {
      await run('--yes');
      expect(await versionsOfGroup()).toEqual(['v2.0.0', 'v2.1.0']);
      expect((await gitTags()).filter(isOfGroup)).toEqual(['v2.0.0', 'v2.1.0']);
      const changelog = (service: string) =>
        readFile(workspace.path(`apps/${service}/CHANGELOG.md`), 'utf8');
      expect((await changelog('reporter')).match(/count/g)).toHaveLength(1);
      expect(await changelog('mailer')).not.toContain('count');
    });

    it('does nothing if it runs again, also after a commit that gives no version', async () => {
      await change('mailer', 'chore(mailer): wait', 'setTimeout(() => undefined, 3).unref();');
      const before = await state();
      await run('--yes');
      expect(await state()).toEqual(before);
    });

    it('pushes a pre-release of every service', async () => {
      await run('preminor', '--preid=rc', '--yes');
      expect(await versionsOfGroup()).toEqual(['v2.0.0', 'v2.1.0', 'v2.2.0-rc.0']);
    });
  });
});
