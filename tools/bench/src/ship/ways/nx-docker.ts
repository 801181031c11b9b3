import { appendFile, writeFile } from 'node:fs/promises';
import { WorkspaceCopy } from '../workspace-copy';
import { dockerfile, nodeTargets, useNxDocker } from './nx-docker-config';
import { codeLine, service, type Setting, type Way } from './way';

/**
 * Nx's own docker plugin in a copy of this workspace: `docker:build` as it infers it, and a push by `nx release`.
 * @param bundled With dependencies in the bundle and no install, as a comment in the generated Dockerfile proposes.
 */
export async function nxDocker(setting: Setting, bundled: boolean): Promise<Way> {
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
