import { pinnedDockerfile } from '../ways/pinned-dockerfile';
import { type Setting } from '../ways/way';
import { WorkspaceCopy } from '../workspace-copy';
import { isKept, serviceName, writeServices } from './generated-services';
import { type GrownWorkspace } from './measure-growth';

/** `nx affected -t docker-push` with the oci engine. */
export async function growOurs(setting: Setting, services: number): Promise<GrownWorkspace> {
  const { run, registry } = setting;
  const namespace = `bench-${run}-${services}`;
  const copy = await WorkspaceCopy.create(setting, isKept);
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
