import { writeFile } from 'node:fs/promises';
import { dockerfile, nodeTargets, useNxDocker } from '../ways/nx-docker-config';
import { type Setting } from '../ways/way';
import { WorkspaceCopy } from '../workspace-copy';
import { isKept, serviceName, writeServices } from './generated-services';
import { type GrownWorkspace } from './measure-growth';

/** Nx's docker plugin, bundled. A release takes names of projects and knows of none that is affected: the one that is, is named. */
export async function growNxDocker(setting: Setting, services: number): Promise<GrownWorkspace> {
  const { run, registry } = setting;
  const namespace = `bench-${run}-nx-${services}`;
  const copy = await WorkspaceCopy.create(setting, isKept);
  await writeServices(copy, services);
  const names = Array.from({ length: services }, (_, n) => serviceName(n + 1));
  for (const name of names) {
    await copy.editJson<{ nx: object }>(`apps/${name}/package.json`, (own) => ({
      ...own,
      nx: {
        ...own.nx,
        targets: nodeTargets(`apps/${name}`, true),
        release: { docker: { repositoryName: `${namespace}/${name}` } },
      },
    }));
    await writeFile(copy.path('apps', name, 'Dockerfile'), dockerfile(setting.base, run, true));
  }
  const build = ['affected', '-t', 'docker:build', '--base=HEAD~1'];
  await useNxDocker(copy, names, registry.host, `npx nx ${build.join(' ')}`);
  await copy.commit('chore: start');
  const changed = serviceName(1);
  await registry.createRepository(`${namespace}/${changed}`);
  return {
    copy,
    way: "Nx's docker plugin, bundled",
    services,
    push: {
      changed: [
        copy.nx('nx release version', [
          ...['release', 'version', '--dockerVersionScheme=production', '-p', changed],
        ]),
        copy.nx('nx release publish', ['release', 'publish', '-p', changed]),
      ],
      unchanged: [copy.nx('nx affected', build)],
    },
  };
}
