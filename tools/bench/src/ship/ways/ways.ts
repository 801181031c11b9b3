import { appendFile, writeFile } from 'node:fs/promises';
import { seed } from './seed';
import { type Options } from '../options';
import { besideName, codeLine, nxStartName, service, type Setting, type Way } from './way';
import { WorkspaceCopy } from '../workspace-copy';
import { pinnedDockerfile } from './pinned-dockerfile';
import { dockerfile, nodeTargets, useNxDocker } from './nx-docker-config';

interface OursOptions {
  readonly engine: 'oci' | 'docker';
  /** Whether Nx uses its daemon, which is off in CI. */
  readonly daemon: boolean;
}

const ourWays: Readonly<Record<string, OursOptions>> = {
  'ours, oci': { engine: 'oci', daemon: true },
  'ours, oci, no daemon': { engine: 'oci', daemon: false },
  'ours, docker': { engine: 'docker', daemon: true },
};

type Maker = (setting: Setting) => Promise<Way>;

const peers: Readonly<Record<string, Maker>> = {
  [nxStartName]: nxStart,
  "the seed's, tsc": (setting) => seed(setting, 'tsc'),
  "the seed's, esbuild": (setting) => seed(setting, 'esbuild'),
  "Nx's docker plugin": (setting) => nxDocker(setting, false),
  "Nx's docker plugin, bundled": (setting) => nxDocker(setting, true),
};

/** @param options.ways parts of the names of the ways to create; all if empty */
export async function createWays(
  setting: Setting,
  { ways: parts, beside }: Pick<Options, 'ways' | 'beside'>,
): Promise<Way[]> {
  const makers: Record<string, Maker> = {};
  for (const [name, options] of Object.entries(ourWays)) {
    makers[name] = (here) => ours(here, name, options);
    if (beside === undefined) continue;
    const other = besideName(name);
    makers[other] = (here) => ours({ ...here, workspaceRoot: beside }, other, options);
  }
  const ways: Way[] = [];
  for (const [name, make] of Object.entries({ ...makers, ...peers })) {
    if (parts.length > 0 && !parts.some((part) => name.includes(part))) continue;
    ways.push(await make(setting));
  }
  return ways;
}

/** `nx run game-service:docker-push` in a copy of a checkout of this repository. */
async function ours(setting: Setting, name: string, { engine, daemon }: OursOptions): Promise<Way> {
  const { run, registry } = setting;
  const copy = await WorkspaceCopy.create(setting);
  await pinnedDockerfile(copy, setting, service.project);
  const env = {
    ECR_LOCAL_PORT: String(registry.proxy.port),
    ...(!daemon && { NX_DAEMON: 'false' }),
  };
  const push = [`${service.project}:docker-push`, '-c', 'local', `--engine=${engine}`];
  let repository = '';
  return {
    name,
    get repository() {
      return repository;
    },
    repeatsFirstBuild: engine === 'oci',
    async reset(round) {
      await copy.reset();
      const namespace = `bench-${run}-${name.replaceAll(/\W+/g, '-')}-${round}`;
      await copy.editJson<object>('registry.json', (value) => ({ ...value, namespace }));
      await copy.commit(`chore: start ${round}`);
      repository = `${namespace}/${service.project}`;
      await registry.createRepository(repository);
    },
    async change(round) {
      await appendFile(copy.path(service.folder, 'src/main.ts'), codeLine(round));
      await copy.commit(`feat: change ${round}`);
    },
    commands: async () => [copy.nx('nx run', ['run', ...push], env)],
  };
}

/** `nx run` of a target that is empty and cached: what Nx takes before it does anything. */
async function nxStart(setting: Setting): Promise<Way> {
  const copy = await WorkspaceCopy.create(setting);
  await copy.editJson<{ nx: { targets: object } }>(`${service.folder}/package.json`, (own) => ({
    ...own,
    nx: {
      ...own.nx,
      targets: {
        ...own.nx.targets,
        nothing: { command: 'true', cache: true, inputs: [], outputs: [] },
      },
    },
  }));
  return {
    name: nxStartName,
    repeatsFirstBuild: true,
    async reset(round) {
      await copy.reset();
      await appendFile(copy.path('README.md'), `\n${round}\n`);
      await copy.commit(`chore: start ${round}`);
    },
    async change(round) {
      await appendFile(copy.path(service.folder, 'src/main.ts'), codeLine(round));
      await copy.commit(`feat: change ${round}`);
    },
    commands: async () => [copy.nx('nx run', ['run', `${service.project}:nothing`])],
  };
}

/**
 * Nx's Docker plugin in a copy of this workspace: its inferred `docker:build`, and a push by `nx release`.
 * @param bundled with dependencies in the bundle and no install, as a comment in the generated Dockerfile proposes
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
    repeatsFirstBuild: false,
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
