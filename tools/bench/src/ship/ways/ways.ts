import { appendFile, writeFile } from 'node:fs/promises';
import { seed } from './seed';
import { codeLine, service, type Setting, type Way } from './way';
import { WorkspaceCopy } from '../workspace-copy';
import { pinnedDockerfile } from './pinned-dockerfile';
import { dockerfile, nodeTargets, useNxDocker } from './nx-docker-config';

const makers: Readonly<Record<string, (setting: Setting) => Promise<Way>>> = {
  'ours, oci': (setting) => ours(setting, { engine: 'oci', daemon: true }),
  'ours, oci, no daemon': (setting) => ours(setting, { engine: 'oci', daemon: false }),
  'ours, docker': (setting) => ours(setting, { engine: 'docker', daemon: true }),
  "the seed's, tsc": (setting) => seed(setting, 'tsc'),
  "the seed's, esbuild": (setting) => seed(setting, 'esbuild'),
  "Nx's docker plugin": (setting) => nxDocker(setting, false),
  "Nx's docker plugin, bundled": (setting) => nxDocker(setting, true),
};

/** @param parts Of the names of the ways that are wanted; of none, all. */
export async function createWays(setting: Setting, parts: readonly string[]): Promise<Way[]> {
  const ways: Way[] = [];
  for (const [name, make] of Object.entries(makers)) {
    if (parts.length > 0 && !parts.some((part) => name.includes(part))) continue;
    ways.push(await make(setting));
  }
  return ways;
}

type Engine = 'oci' | 'docker';

interface OursOptions {
  readonly engine: Engine;
  /** Nx's own; off in CI. */
  readonly daemon: boolean;
}

/** `nx run game-service:docker-push` in a copy of this workspace. */
async function ours(setting: Setting, { engine, daemon }: OursOptions): Promise<Way> {
  const { run, registry } = setting;
  const namespace = `bench-${run}-${engine}${daemon ? '' : '-ci'}`;
  const copy = await WorkspaceCopy.create(setting);
  await copy.editJson<object>('registry.json', (value) => ({ ...value, namespace }));
  await pinnedDockerfile(copy, setting, service.project);
  await copy.commit('chore: start');
  const repository = `${namespace}/${service.project}`;
  await registry.createRepository(repository);
  const env = {
    ECR_LOCAL_PORT: String(registry.proxy.port),
    ...(!daemon && { NX_DAEMON: 'false' }),
  };
  const push = [`${service.project}:docker-push`, '-c', 'local', `--engine=${engine}`];
  return {
    name: `ours, ${engine}${daemon ? '' : ', no daemon'}`,
    repository,
    reset: () => copy.reset(),
    async change(round) {
      await appendFile(copy.path(service.folder, 'src/main.ts'), codeLine(round));
      await copy.commit(`feat: change ${round}`);
    },
    commands: async () => [copy.nx('nx run', ['run', ...push], env)],
  };
}

/**
 * Nx's own docker plugin in a copy of this workspace: `docker:build` as it infers it, and a push by `nx release`.
 * @param bundled With dependencies in the bundle and no install, as a comment in the generated Dockerfile proposes.
 */
async function nxDocker(setting: Setting, bundled: boolean): Promise<Way> {
  const { run, registry } = setting;
  const repository = `bench-${run}-nx${bundled ? '-bundled' : ''}/${service.project}`;
  const copy = await WorkspaceCopy.create(setting);
  const build = `npx nx run-many -t docker:build -p ${service.project}`;
  await useNxDocker(copy, [service.project], registry.host, build);
  await copy.editJson<{ nx: object }>(`${service.folder}/package.json`, (own) => ({
    ...own,
    nx: {
      ...own.nx,
      targets: nodeTargets(service.folder, bundled),
      release: { docker: { repositoryName: repository } },
    },
  }));
  await writeFile(copy.path(service.folder, 'Dockerfile'), dockerfile(setting.base, run, bundled));
  await copy.commit('chore: start');
  await registry.createRepository(repository);
  return {
    name: `Nx's docker plugin${bundled ? ', bundled' : ''}`,
    repository,
    reset: () => copy.reset(),
    async change(round) {
      await appendFile(copy.path(service.folder, 'src/main.ts'), codeLine(round));
      await copy.commit(`feat: change ${round}`);
    },
    commands: async () => [
      copy.nx('nx release version', ['release', 'version', '--dockerVersionScheme=production']),
      copy.nx('nx release publish', ['release', 'publish']),
    ],
  };
}
