import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';

const main = join(__dirname, '..', 'main.ts');

export interface ServerProcess {
  readonly url: string;
  readonly client: ECRClient;
  /** SIGKILL: nothing in the process runs any more. */
  kill(): Promise<void>;
}

/**
 * In a process of its own, on a free port.
 *
 * @param variables Settings
 * @param program The built program, which starts faster than main.ts
 */
export async function startServerProcess(
  folder: string,
  {
    variables = {},
    program,
  }: { variables?: Readonly<Record<string, string>>; program?: string | undefined } = {},
): Promise<ServerProcess> {
  const args = program === undefined ? ['--require', 'tsx/cjs', main] : [program];
  const child = spawn(process.execPath, args, {
    env: {
      ...process.env,
      ECR_LOCAL_PORT: '0',
      ECR_LOCAL_DATA: folder,
      LOG_LEVEL: 'info',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listening(child);
  const client = clientOf(url);
  return {
    url,
    client,
    kill: async () => {
      client.destroy();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

export const clientOf = (endpoint: string, region = 'ap-southeast-1'): ECRClient =>
  new ECRClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });

/** For HTTP Basic. */
export async function tokenOf(client: ECRClient): Promise<string> {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
  return authorizationData?.[0]?.authorizationToken ?? '';
}

async function listening(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The process has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    child.stdout.resume();
    return url;
  }
  throw new Error('The process ended before it listened.');
}
