import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  CreateRepositoryCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { ServerProcess } from '../server-process';
import { awsVariables } from '../ship/registry';
import { RegistryClient } from './registry-client';

const workspaceRoot = path.join(__dirname, '../../../..');
const bundle = path.join(workspaceRoot, 'dist/apps/ecr-local/service/main.js');

/** A registry that is measured, in a process of its own with its data in a temporary folder. */
export interface MeasuredRegistry {
  readonly name: string;
  readonly pid: number;
  connect(): RegistryClient;
  createRepository(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Where registries are started. */
export interface Machine {
  /** For data and logs. */
  readonly folder: string;
  readonly searchPath: string;
}

export interface MeasuredEcrLocal extends MeasuredRegistry {
  readonly ecr: ECRClient;
}

/** With its defaults: requests are authorized and logged. */
export async function startEcrLocal(
  { folder, searchPath }: Machine,
  name = 'ecr-local',
): Promise<MeasuredEcrLocal> {
  const server = await ServerProcess.start(
    {
      name,
      args: [bundle],
      cwd: folder,
      env: {
        PATH: searchPath,
        NODE_ENV: 'production',
        ECR_LOCAL_PORT: '0',
        ECR_LOCAL_DATA: path.join(folder, `${name}-data`),
      },
      ready: ['"msg":"listening"'],
    },
    folder,
  );
  const ecr = new ECRClient({
    endpoint: server.url,
    region: awsVariables.AWS_REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  return {
    name,
    pid: server.pid,
    ecr,
    connect: () => new RegistryClient(server.url, authorization),
    createRepository: async (repositoryName) => {
      await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    },
    stop: async () => {
      ecr.destroy();
      await server.stop();
    },
  };
}

/** With the settings of Debian's package, but without authorization, whose password hash takes 50 ms for each request. */
export async function startDockerRegistry({
  folder,
  searchPath,
}: Machine): Promise<MeasuredRegistry> {
  const rootdirectory = path.join(folder, 'docker-registry-data');
  const config = path.join(folder, 'docker-registry.json');
  await mkdir(rootdirectory);
  // YAML contains JSON.
  await writeFile(
    config,
    JSON.stringify({
      version: 0.1,
      storage: {
        cache: { blobdescriptor: 'inmemory' },
        filesystem: { rootdirectory },
        delete: { enabled: true },
      },
      http: { addr: '127.0.0.1:0', secret: 'bench' },
    }),
  );
  const server = await ServerProcess.start(
    {
      name: 'docker-registry',
      command: 'docker-registry',
      args: ['serve', config],
      cwd: folder,
      env: { PATH: searchPath, OTEL_TRACES_EXPORTER: 'none' },
      ready: ['listening on'],
      address: /listening on ([^"\s]+)/,
    },
    folder,
  );
  return {
    name: server.name,
    pid: server.pid,
    connect: () => new RegistryClient(server.url),
    createRepository: () => Promise.resolve(),
    stop: () => server.stop(),
  };
}
