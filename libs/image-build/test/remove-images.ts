import { runCommand } from '@typerush/child-process';

/** Takes what the conformance suite has built out of an engine again. */
export async function removeImages(client: 'docker' | 'podman'): Promise<void> {
  const run = (...args: string[]) => runCommand(client, args, { env: process.env });
  const filters = ['--filter', 'reference=*engine-conformance/*'];
  const { stdout } = await run('images', '--quiet', ...filters);
  const ids = new Set(stdout.split('\n').filter(Boolean));
  await run('rmi', '--force', ...ids);
}
