import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type FakeTask, type TaskRunner } from './task-runner';

interface Container {
  readonly image: string;
  readonly user?: string;
  readonly readonlyRootFilesystem?: boolean;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly portMappings: readonly { readonly containerPort: number }[];
}

const docker = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)('docker', args)).stdout.trim();

/**
 * Tasks in Docker: the image of the task definition, as the task definition restricts it. Healthy is what a load balancer
 * finds healthy: the path answers 200.
 */
export const dockerTasks = ({ ready }: { readonly ready: string }): TaskRunner => ({
  async start({ containerDefinitions }): Promise<FakeTask> {
    const [container] = containerDefinitions as readonly [Container];
    const port = container.portMappings[0]?.containerPort ?? 0;
    const id = await docker(
      'run',
      '--detach',
      ...['--cap-drop', 'ALL', '--publish', `127.0.0.1::${port}`],
      ...(container.user ? ['--user', container.user] : []),
      ...(container.readonlyRootFilesystem ? ['--read-only'] : []),
      ...(container.environment ?? []).flatMap(({ name, value }) => ['--env', `${name}=${value}`]),
      container.image,
    );
    return {
      async state() {
        if ((await docker('inspect', '--format', '{{.State.Running}}', id)) !== 'true') {
          return 'stopped';
        }
        const [address] = (await docker('port', id, `${port}/tcp`).catch(() => '')).split('\n');
        if (!address) return 'starting';
        const response = await fetch(`http://${address}${ready}`).catch(() => undefined);
        return response?.ok ? 'healthy' : 'starting';
      },
      async stop() {
        await docker('rm', '--force', id).catch(() => undefined);
      },
    };
  },
});
