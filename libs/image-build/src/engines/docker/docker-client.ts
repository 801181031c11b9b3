import { runCommand } from '@typerush/child-process';
import { executables } from '../container/executables';

type Variables = Readonly<Record<string, string | undefined>>;

/** What turns a Dockerfile into an image, the best first. */
export const DOCKER_BUILDERS = ['buildx', 'buildkit', 'plain'] as const;
export type DockerBuilder = (typeof DOCKER_BUILDERS)[number];

export interface DockerClient {
  readonly path: string;
  readonly version: string;
  /** The plain one is there always. */
  readonly builders: readonly DockerBuilder[];
}

/** From this major version on, a client leaves BuildKit to its buildx plugin. */
const FIRST_WITHOUT_BUILDKIT = 23;

/** Every Docker client on PATH, in its order. podman's `docker` is none. */
export async function findDockerClients(variables: Variables): Promise<DockerClient[]> {
  const clients: DockerClient[] = [];
  for (const file of await executables('docker', variables['PATH'] ?? '')) {
    const { stdout } = await runCommand(file, ['--version'], { env: variables });
    const version = /^Docker version (\d+\.[^\s,]+)/.exec(stdout)?.[1];
    if (version) {
      clients.push({ path: file, version, builders: await buildersOf(file, version, variables) });
    }
  }
  return clients;
}

async function buildersOf(
  file: string,
  version: string,
  variables: Variables,
): Promise<DockerBuilder[]> {
  const buildx = await runCommand(file, ['buildx', 'version'], { env: variables });
  return [
    ...(buildx.code === 0 ? (['buildx'] as const) : []),
    ...(Number.parseInt(version, 10) < FIRST_WITHOUT_BUILDKIT ? (['buildkit'] as const) : []),
    'plain',
  ];
}
