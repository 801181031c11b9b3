import { lastLines } from '@typerush/child-process';
import { type ClientChoice, ContainerCli } from '../container/container-cli';
import { type Availability } from '../image-engine';
import {
  DOCKER_BUILDERS,
  type DockerBuilder,
  type DockerClient,
  findDockerClients,
} from './docker-client';

type Variables = Readonly<Record<string, string | undefined>>;

/** What to build with, instead of the best there is. */
export interface DockerChoice extends ClientChoice {
  readonly builder?: DockerBuilder;
}

/** A client with a daemon that answers it. */
export interface Docker {
  readonly cli: ContainerCli;
  readonly builder: DockerBuilder;
  /** Of the daemon: `linux/amd64`. */
  readonly platform: string;
}

export type FoundDocker = Docker | Extract<Availability, { available: false }>;

const ANSWER_TIMEOUT_MS = 10_000;
const REMEDY = 'or use --engine=oci, which does without.';

/** Looks for the best builder among all clients, and for the daemon behind it. */
export async function findDocker(
  variables: Variables,
  choice: DockerChoice = {},
): Promise<FoundDocker> {
  const clients = (await findDockerClients(variables)).filter(
    ({ path }) => choice.client === undefined || path === choice.client,
  );
  const best = bestOf(clients, choice);
  if (!best) return missing(choice);
  const { path, version } = best.client;
  const cli = new ContainerCli('docker', path, version, variables);
  const format = '{{.Server.Os}}/{{.Server.Arch}}';
  const server = await cli.run(['version', '--format', format], { timeout: ANSWER_TIMEOUT_MS });
  if (server.code === 0) return { cli, builder: best.builder, platform: server.stdout.trim() };
  const said = lastLines({ ...server, stdout: '' }, 1) || 'it did not answer in time';
  return {
    available: false,
    code: 'DOCKER_DAEMON_DOWN',
    reason: `No Docker daemon answers ${path}: ${said.replace(/[.?]+$/, '')}.`,
    remedy: `Start it or set DOCKER_HOST, ${REMEDY}`,
  };
}

function bestOf(clients: readonly DockerClient[], { builder: wanted }: DockerChoice) {
  for (const builder of wanted ? [wanted] : DOCKER_BUILDERS) {
    const client = clients.find(({ builders }) => builders.includes(builder));
    if (client) return { client, builder };
  }
  return undefined;
}

function missing({ client, builder }: DockerChoice): FoundDocker {
  const what = [client ?? 'docker on PATH', builder && `with the builder ${builder}`].filter(
    Boolean,
  );
  return {
    available: false,
    code: 'DOCKER_MISSING',
    reason: `There is no ${what.join(' ')}.`,
    remedy: `Install Docker, ${REMEDY}`,
  };
}
