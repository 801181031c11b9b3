import { access, constants, realpath } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../../command';

type Variables = Readonly<Record<string, string | undefined>>;

export interface DockerClient {
  readonly path: string;
  readonly version: string;
  /** Why it cannot build with BuildKit, in words; undefined when it can. */
  readonly defect?: string;
}

/** From this major version on, a client leaves BuildKit to its buildx plugin. */
const firstWithoutBuildKit = 23;

/** Every Docker client on PATH, in its order. podman's `docker` is none. */
export async function findDockerClients(variables: Variables): Promise<DockerClient[]> {
  const clients: DockerClient[] = [];
  for (const file of await executables('docker', variables['PATH'] ?? '')) {
    const { stdout } = await runCommand(file, ['--version'], { env: variables });
    const version = /^Docker version (\d+\.[^\s,]+)/.exec(stdout)?.[1];
    if (version) {
      clients.push({ path: file, version, defect: await defectOf(file, version, variables) });
    }
  }
  return clients;
}

async function defectOf(file: string, version: string, variables: Variables) {
  if (Number.parseInt(version, 10) < firstWithoutBuildKit) return undefined;
  const buildx = await runCommand(file, ['buildx', 'version'], { env: variables });
  return buildx.code === 0 ? undefined : `${file} (${version}) has no buildx plugin`;
}

/** The executable files of that name, each once however many links lead to it. */
async function executables(name: string, searchPath: string): Promise<string[]> {
  const found = new Map<string, string>();
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const file = path.join(folder, name);
    try {
      await access(file, constants.X_OK);
      const target = await realpath(file);
      if (!found.has(target)) found.set(target, file);
    } catch {
      continue;
    }
  }
  return [...found.values()];
}
