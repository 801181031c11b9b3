import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ECRClient } from '@aws-sdk/client-ecr';
import { type EcrTarget } from '../src/ecr-target';

const workspaceRoot = path.join(__dirname, '../../..');
const tsx = createRequire(__filename).resolve('tsx');

/** Starts an ecr-local on a free port, with data that `stop` removes. */
export class EcrLocal {
  /** @param protocol whose registry protocol it speaks */
  static async start(protocol: 'ecr' | 'oci' = 'ecr'): Promise<EcrLocal> {
    const data = await mkdtemp(path.join(tmpdir(), 'ecr-local-'));
    const child = spawn(process.execPath, ['--import', tsx, 'apps/ecr-local/src/main.ts'], {
      cwd: workspaceRoot,
      env: {
        PATH: process.env['PATH'],
        NODE_NO_WARNINGS: '1',
        ECR_LOCAL_PORT: '0',
        ECR_LOCAL_PROTOCOL: protocol,
        ECR_LOCAL_DATA: data,
        LOG_LEVEL: 'info',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new EcrLocal(await urlOf(child), data, child);
  }

  readonly target: EcrTarget;
  readonly ecr: ECRClient;

  private constructor(
    endpoint: string,
    private readonly data: string,
    private readonly child: ChildProcess,
  ) {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    this.target = { endpoint, region: 'ap-southeast-1', credentials };
    this.ecr = new ECRClient(this.target);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    await rm(this.data, { recursive: true });
  }
}

/** Its address is in its log. */
async function urlOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The process has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    child.stdout.resume();
    return url;
  }
  throw new Error('ecr-local ended before it listened.');
}
