import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tsx } from './run';

const workspaceRoot = path.join(__dirname, '../..');

/** An ecr-local of one's own: a free port, and data that goes with it. */
export class EcrLocal {
  static async start(): Promise<EcrLocal> {
    const data = await mkdtemp(path.join(tmpdir(), 'ecr-local-'));
    const port = await freePort();
    const child = spawn(process.execPath, ['--import', tsx, 'apps/ecr-local/src/main.ts'], {
      cwd: workspaceRoot,
      env: {
        PATH: process.env['PATH'],
        NODE_NO_WARNINGS: '1',
        ECR_LOCAL_PORT: String(port),
        ECR_LOCAL_DATA: data,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const started = new EcrLocal(`http://127.0.0.1:${port}`, data, child);
    await started.isReady();
    return started;
  }

  private constructor(
    readonly endpoint: string,
    private readonly data: string,
    private readonly child: ChildProcess,
  ) {}

  /** Calls an operation of the ECR API. */
  async call(operation: string, input: object): Promise<unknown> {
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${operation}`,
        // ecr-local wants requests to be signed, and takes every signature.
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20260101/ap-southeast-1/ecr/aws4_request, SignedHeaders=host, Signature=00',
      },
      body: JSON.stringify(input),
    });
    return response.json();
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    await rm(this.data, { recursive: true });
  }

  private async isReady(): Promise<void> {
    while (this.child.exitCode === null) {
      const response = await fetch(`${this.endpoint}/health/ready`).catch(() => undefined);
      if (response?.ok) return;
      await sleep(50);
    }
    throw new Error(`ecr-local ended with exit code ${this.child.exitCode}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('there is no free port');
  return address.port;
}
