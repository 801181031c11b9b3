import { lastLines, runCommand, type CommandOptions, type CommandResult } from '../../command';
import { PipelineError } from '../../pipeline-error';
import { type Availability } from '../image-engine';
import { findDockerClients, type DockerClient } from './docker-client';

type Variables = Readonly<Record<string, string | undefined>>;

const answerTimeoutMs = 10_000;

/** A Docker client that speaks BuildKit, with a daemon that answers it. */
export class Docker {
  constructor(
    private readonly client: Pick<DockerClient, 'path' | 'version'>,
    private readonly variables: Variables,
  ) {}

  /** Runs the client; any exit code is a result. */
  run(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return runCommand(this.client.path, args, {
      ...options,
      env: { ...this.variables, ...options.env },
    });
  }

  /** The same for a command that has to succeed. @throws PipelineError with the end of its output */
  async expect(code: string, problem: string, args: readonly string[], options?: CommandOptions) {
    const result = await this.run(args, options);
    if (result.code === 0) return result.stdout.trim();
    throw new PipelineError(code, `${problem}\n${indent(lastLines(result, 20))}`);
  }

  get describe(): string {
    return `docker ${this.client.version} (${this.client.path})`;
  }
}

/** Looks for a client with BuildKit and for its daemon. */
export async function findDocker(
  variables: Variables,
): Promise<{ docker?: Docker; availability: Availability }> {
  const clients = await findDockerClients(variables);
  const client = clients.find(({ defect }) => !defect);
  if (!client) return { availability: noClient(clients) };
  const docker = new Docker(client, variables);
  const server = await docker.run(['version', '--format', '{{.Server.Version}}'], {
    timeout: answerTimeoutMs,
  });
  if (server.code === 0) {
    return { docker, availability: { available: true, detail: `${docker.describe}.` } };
  }
  const said = lastLines({ ...server, stdout: '' }, 1) || 'it did not answer in time';
  return {
    availability: {
      available: false,
      code: 'DOCKER_DAEMON_DOWN',
      reason: `No Docker daemon answers ${client.path}: ${said.replace(/[.?]+$/, '')}.`,
      remedy: 'Start it or set DOCKER_HOST, or use --engine=oci, which needs none.',
    },
  };
}

function noClient(clients: readonly DockerClient[]): Availability {
  if (clients.length === 0) {
    return {
      available: false,
      code: 'DOCKER_MISSING',
      reason: 'There is no docker on PATH.',
      remedy: 'Install Docker, or use --engine=oci, which does without.',
    };
  }
  return {
    available: false,
    code: 'BUILDKIT_MISSING',
    reason: `No docker on PATH builds with BuildKit: ${clients.map(({ defect }) => defect).join('; ')}.`,
    remedy: 'Install the buildx plugin (https://docs.docker.com/go/buildx/), or use --engine=oci.',
  };
}

const indent = (text: string) => text.replace(/^/gm, '  ');
