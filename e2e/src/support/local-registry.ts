import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateRepositoryCommand, DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { freePort } from './free-port';
import { exitCode, launch } from './run';
import type { WorkspaceCopy } from './workspace-copy';

export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface LocalRegistryOptions {
  /** An existing folder, which is not removed; default: a temporary one. */
  readonly data?: string;
  /** Whose registry protocol it speaks. With that of ECR, blobs are not sent in chunks. @default ecr */
  readonly protocol?: 'ecr' | 'oci';
  /** The file of users and roles. @default any credentials are accepted */
  readonly roles?: string;
  /** OSV advisories to scan images with. @default none */
  readonly advisories?: string;
}

/** The local ECR of a workspace copy, in its own process with its own data. */
export class LocalRegistry {
  readonly url: string;
  readonly ecr: ECRClient;

  private constructor(
    readonly port: number,
    private readonly folder: { readonly data: string; readonly own: boolean },
    private readonly child: ChildProcess,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.ecr = ecrClient(this.url);
  }

  /** As `jest.build-once.js` has built it, otherwise as the workspace builds it. */
  static async start(
    workspace: WorkspaceCopy,
    options: LocalRegistryOptions = {},
  ): Promise<LocalRegistry> {
    const main =
      process.env.ECR_LOCAL_PROGRAM ?? workspace.path('dist/apps/ecr-local/service/main.js');
    if (!existsSync(main)) await workspace.nxOk(['build', 'ecr-local']);
    return LocalRegistry.run(workspace.root, [main], options);
  }

  /** From this source, for suites that need no workspace. */
  static startFromSource(options: LocalRegistryOptions = {}): Promise<LocalRegistry> {
    const root = join(__dirname, '..', '..', '..');
    return LocalRegistry.run(root, ['--require', 'tsx/cjs', 'apps/ecr-local/src/main.ts'], options);
  }

  private static async run(
    cwd: string,
    program: readonly string[],
    { data: given, protocol = 'ecr', roles, advisories }: LocalRegistryOptions,
  ): Promise<LocalRegistry> {
    const port = await freePort();
    const data = given ?? (await mkdtemp(join(tmpdir(), 'ecr-local-')));
    const clock = join(__dirname, 'movable-clock.cjs');
    const child = launch(process.execPath, ['--require', clock, ...program], {
      cwd,
      env: {
        ECR_LOCAL_PORT: String(port),
        ECR_LOCAL_DATA: data,
        ECR_LOCAL_PROTOCOL: protocol,
        ECR_LOCAL_ROLES: roles,
        ...(advisories !== undefined && { ECR_LOCAL_ADVISORIES: advisories }),
      },
    });
    child.stdout?.resume();
    child.stderr?.resume();
    const registry = new LocalRegistry(port, { data, own: given === undefined }, child);
    await waitFor(async () => (await fetch(`${registry.url}/health/ready`)).ok);
    return registry;
  }

  /** Creates repositories with ECR's default settings, for suites in which those of the stacks do not matter. */
  async createRepositories(...names: readonly string[]): Promise<void> {
    for (const repositoryName of names) {
      await this.ecr.send(new CreateRepositoryCommand({ repositoryName }));
    }
  }

  /** The variables with which Nx targets reach it. */
  get env(): Record<string, string> {
    return { ECR_LOCAL_PORT: String(this.port) };
  }

  /** The tags of each image, by its digest. */
  async images(repositoryName: string): Promise<Map<string, string[]>> {
    return imagesOf(this.ecr, repositoryName);
  }

  /** Moves its clock beyond the lifetime of every authorization token. */
  expireTokens(): void {
    this.child.kill('SIGUSR2');
  }

  async stop(): Promise<void> {
    const ended = exitCode(this.child);
    this.child.kill('SIGTERM');
    await ended;
    if (this.folder.own) await rm(this.folder.data, { recursive: true, force: true });
  }
}

export function ecrClient(endpoint: string): ECRClient {
  return new ECRClient({ endpoint, region: 'ap-southeast-1', credentials: localCredentials });
}

export async function imagesOf(
  ecr: ECRClient,
  repositoryName: string,
): Promise<Map<string, string[]>> {
  const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
  return new Map(
    imageDetails.map(({ imageDigest, imageTags }) => [imageDigest ?? '', imageTags ?? []]),
  );
}

/** Polls until the condition is true. @throws Error after `seconds`, with the last failure as its cause */
export async function waitFor(condition: () => Promise<boolean>, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let cause: unknown;
  while (Date.now() < deadline) {
    try {
      if (await condition()) return;
    } catch (error) {
      cause = error;
    }
    await sleep(100);
  }
  throw new Error(`the condition was not true within ${seconds} s`, { cause });
}
