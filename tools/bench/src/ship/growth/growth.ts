import { writeFile } from 'node:fs/promises';
import { type Options } from '../options';
import { type Bench } from '../phases';
import { type Setting } from '../ways/way';
import { type GrownWorkspace, type Growth, measureGrowth } from './measure-growth';
import { pinnedDockerfile } from '../ways/pinned-dockerfile';
import { copyPlugin, serviceName, writeServices } from './generated-services';
import { dockerfile, nodeTargets, useNxDocker } from '../ways/nx-docker-config';

/** Measures generated workspaces in sequence, and adds the results to `found`. */
export async function measureAllGrowth(
  setting: Setting,
  bench: Bench,
  { growth, peerGrowth, rounds }: Options,
  found: Growth[],
): Promise<void> {
  for (const [grow, sizes] of [
    [growOurs, growth],
    [growNxDocker, peerGrowth],
  ] as const) {
    for (const services of sizes) {
      const workspace = await grow(setting, services);
      try {
        found.push(await measureGrowth(bench, workspace, rounds));
      } finally {
        await workspace.copy.stop();
      }
    }
  }
}

/** `nx affected -t docker-push` with the oci engine. */
async function growOurs(setting: Setting, services: number): Promise<GrownWorkspace> {
  const { run, registry } = setting;
  const namespace = `bench-${run}-${services}`;
  const copy = await copyPlugin(setting);
  await writeServices(copy, services);
  await copy.editJson<object>('registry.json', (value) => ({ ...value, namespace }));
  await pinnedDockerfile(copy, setting, serviceName(1));
  await copy.commit('chore: start');
  await registry.createRepository(`${namespace}/${serviceName(1)}`);
  const args = ['affected', '-t', 'docker-push', '-c', 'local', '--engine=oci', '--base=HEAD~1'];
  const env = { ECR_LOCAL_PORT: String(registry.proxy.port) };
  const push = [copy.nx('nx affected', args, env)];
  return { copy, way: 'ours, oci', services, push: { changed: push, unchanged: push } };
}

/** Nx's Docker plugin, bundled. `nx release` cannot select affected projects, so the changed one is named. */
async function growNxDocker(setting: Setting, services: number): Promise<GrownWorkspace> {
  const { run, registry } = setting;
  const namespace = `bench-${run}-nx-${services}`;
  const copy = await copyPlugin(setting);
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
