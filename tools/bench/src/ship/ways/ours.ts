import { appendFile } from 'node:fs/promises';
import { WorkspaceCopy } from '../workspace-copy';
import { pinnedDockerfile } from './pinned-dockerfile';
import { codeLine, service, type Setting, type Way } from './way';

export type Engine = 'oci' | 'docker';

export interface OursOptions {
  readonly engine: Engine;
  /** Nx's own; off in CI. */
  readonly daemon: boolean;
}

/** `nx run game-service:docker-push` in a copy of this workspace. */
export async function ours(setting: Setting, { engine, daemon }: OursOptions): Promise<Way> {
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
