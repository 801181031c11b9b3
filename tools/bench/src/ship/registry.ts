import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import {
  CreateRepositoryCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  paginateDescribeImages,
} from '@aws-sdk/client-ecr';
import { BenchError } from './bench-error';
import { CountingProxy } from './counting-proxy';

const tsx = createRequire(__filename).resolve('tsx');
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** For clients of the ECR API; ecr-local accepts all credentials. */
export const awsVariables = {
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_REGION: 'ap-southeast-1',
  AWS_DEFAULT_REGION: 'ap-southeast-1',
};

/** A separate ecr-local with temporary data, behind a counting proxy. */
export class Registry {
  private readonly ecr: ECRClient;

  private constructor(
    readonly proxy: CountingProxy,
    private readonly data: string,
    private readonly child: ChildProcess,
  ) {
    this.ecr = new ECRClient({
      endpoint: `http://${proxy.address}`,
      region: awsVariables.AWS_REGION,
      credentials,
    });
  }

  static async start(workspaceRoot: string, searchPath: string): Promise<Registry> {
    const data = await mkdtemp(path.join(tmpdir(), 'bench-registry-'));
    const child = spawn(process.execPath, ['--import', tsx, 'apps/ecr-local/src/main.ts'], {
      cwd: workspaceRoot,
      env: {
        PATH: searchPath,
        NODE_NO_WARNINGS: '1',
        ECR_LOCAL_PORT: '0',
        ECR_LOCAL_DATA: data,
        LOG_LEVEL: 'info',
      },
      // In its own process group: Ctrl-C reaches only the bench, which stops the registry last.
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Registry(await CountingProxy.listen(await addressOf(child)), data, child);
  }

  /** `127.0.0.1:<port>` of the proxy. */
  get host(): string {
    return this.proxy.address;
  }

  async createRepository(repositoryName: string): Promise<void> {
    await this.ecr.send(new CreateRepositoryCommand({ repositoryName }));
  }

  /** For `docker login --username AWS --password-stdin`. */
  async password(): Promise<string> {
    const { authorizationData } = await this.ecr.send(new GetAuthorizationTokenCommand({}));
    const token = authorizationData?.[0]?.authorizationToken ?? '';
    return Buffer.from(token, 'base64').toString().replace(/^AWS:/, '');
  }

  /** The digests of images with a tag, the newest last. */
  async taggedImages(repositoryName: string): Promise<string[]> {
    const found: { digest: string; at: number }[] = [];
    for await (const page of paginateDescribeImages({ client: this.ecr }, { repositoryName })) {
      for (const { imageDigest = '', imageTags, imagePushedAt } of page.imageDetails ?? []) {
        if (imageTags?.length) found.push({ digest: imageDigest, at: Number(imagePushedAt) });
      }
    }
    return found.sort((a, b) => a.at - b.at).map(({ digest }) => digest);
  }

  async stop(): Promise<void> {
    this.ecr.destroy();
    await this.proxy.close();
    if (this.child.exitCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    await rm(this.data, { recursive: true, force: true });
  }
}

/** Reads the address from its log. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The process has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url === undefined) continue;
    child.stdout.resume();
    return new URL(url).host;
  }
  throw new BenchError(
    'REGISTRY_DOWN',
    'ecr-local ended before it listened. Run `npm start` to see why.',
  );
}
