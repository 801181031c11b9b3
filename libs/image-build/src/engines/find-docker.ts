import { lastLines, runCommand } from '@typerush/child-process';
import { type ClientChoice, ContainerCli, executables } from './container-cli';
import { type Unavailable } from './image-engine';

/** The builders of Docker, best first. */
export const DOCKER_BUILDERS = ['buildx', 'buildkit', 'legacy'] as const;
export type DockerBuilder = (typeof DOCKER_BUILDERS)[number];

export interface DockerChoice extends ClientChoice {
  /** Instead of the best one. */
  readonly builder?: DockerBuilder;
}

/** A client with a daemon that responds. */
export interface Docker {
  readonly cli: ContainerCli;
  readonly builder: DockerBuilder;
  /** Of the daemon: `linux/amd64`. */
  readonly platform: string;
}

const RESPONSE_TIMEOUT_MS = 10_000;

/** Finds the client with the best builder on PATH, and its daemon. */
export async function findDocker(
  variables: NodeJS.ProcessEnv,
  choice: DockerChoice = {},
): Promise<Docker | Unavailable> {
  const paths = choice.client ? [choice.client] : await executables('docker', variables);
  const found = await Promise.all(paths.map((path) => readClient(path, variables)));
  const best = bestOf(found, choice);
  if (!best) return missing(choice);
  const { path, version, builder } = best;
  const cli = new ContainerCli('docker', path, version, variables);
  const format = '{{.Server.Os}}/{{.Server.Arch}}';
  const server = await cli.run(['version', '--format', format], { timeout: RESPONSE_TIMEOUT_MS });
  if (server.code === 0) return { cli, builder, platform: server.stdout.trim() };
  const reason = lastLines({ ...server, stdout: '' }, 1) || 'timeout';
  return {
    available: false,
    code: 'DOCKER_DAEMON_DOWN',
    reason: `No Docker daemon responds to ${path}: ${reason.replace(/[.?]+$/, '')}.`,
    fix: 'start it, set DOCKER_HOST, or use --engine=oci, which needs no daemon.',
  };
}

interface Client {
  readonly path: string;
  readonly version: string;
  readonly builders: readonly DockerBuilder[];
}

/** From this major version on, a Docker CLI has BuildKit only with the buildx plugin. */
const FIRST_WITHOUT_BUILDKIT = 23;

/** Undefined for a program that only has the name, such as podman's `docker`. */
async function readClient(path: string, variables: NodeJS.ProcessEnv): Promise<Client | undefined> {
  const { stdout } = await runCommand(path, ['--version'], { env: variables });
  const version = /^Docker version (\d+\.[^\s,]+)/.exec(stdout)?.[1];
  if (!version) return undefined;
  const buildx = await runCommand(path, ['buildx', 'version'], { env: variables });
  const isSupported: Readonly<Record<DockerBuilder, boolean>> = {
    buildx: buildx.code === 0,
    buildkit: Number.parseInt(version, 10) < FIRST_WITHOUT_BUILDKIT,
    legacy: true,
  };
  return { path, version, builders: DOCKER_BUILDERS.filter((builder) => isSupported[builder]) };
}

function bestOf(clients: readonly (Client | undefined)[], { builder: requested }: DockerChoice) {
  for (const builder of requested ? [requested] : DOCKER_BUILDERS) {
    const client = clients.find((one) => one?.builders.includes(builder));
    if (client) return { ...client, builder };
  }
  return undefined;
}

const missing = ({ client, builder }: DockerChoice): Unavailable => ({
  available: false,
  code: 'DOCKER_MISSING',
  reason: `Cannot find ${client ?? 'docker on PATH'}${builder ? ` with the builder ${builder}` : ''}.`,
  fix: 'install Docker, or use --engine=oci, which does not need it.',
});
