import { type WorkspaceCopy } from '../workspace-copy';
import { salt, type Setting } from './way';

/**
 * Changes the workspace's Dockerfile to the bench's base image, pinned by the lock file and cached on this machine, as in the daemon
 * for the other ways. Each stage gets a salt.
 */
export async function pinnedDockerfile(
  copy: WorkspaceCopy,
  { runner, run, base }: Pick<Setting, 'runner' | 'run' | 'base'>,
  project: string,
): Promise<void> {
  await copy.edit('docker/service.Dockerfile', (text) =>
    text
      .replace(/^ARG NODE_IMAGE=.*$/m, `ARG NODE_IMAGE=${base}`)
      .replaceAll(/^FROM .*$/gm, (line) => `${line}\n${salt(run)}`)
      .replaceAll('--mount=type=cache,', `--mount=type=cache,id=bench-${run},`),
  );
  const once = { NX_DAEMON: 'false' };
  await runner.run(copy.nx('lock', ['run', `${project}:docker-lock`], once));
  const build = ['run', `${project}:docker-build`, '-c', 'local', '--engine=oci'];
  await runner.run(copy.nx('warm up', build, once));
}
