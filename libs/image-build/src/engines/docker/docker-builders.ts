import { type BuildCommand, type BuildStep, type Builder } from '../container/build-in-engine';
import { type ClientChoice } from '../container/container-cli';
import { type Docker } from './find-docker';
import { plainDockerfile } from './plain-dockerfile';

/** How each of Docker's builders is called. */
export function dockerBuilder(docker: Docker, { noCache }: ClientChoice): Builder {
  const commands = { buildx, buildkit, plain } as const;
  return {
    cli: docker.cli,
    noCache,
    save: (name) => ['save', name],
    command: (step) => commands[docker.builder](step, docker),
  };
}

const PLAIN_PROGRESS = { BUILDKIT_PROGRESS: 'plain' } as const;

const fileAndPlatform = ({ plan, platform }: BuildStep) => [
  '--file',
  plan.dockerfile,
  '--platform',
  platform,
];

/** The plugin; its builder may run anywhere, so that the image has to be loaded. */
async function buildx(step: BuildStep, docker: Docker): Promise<BuildCommand> {
  const own = step.base.isLocal ? await daemonsOwnBuilder(docker) : [];
  return {
    args: ['buildx', 'build', '--load', ...own, ...fileAndPlatform(step)],
    // An attestation holds the time of the build, and makes an index of what is one image.
    env: { ...PLAIN_PROGRESS, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
  };
}

/** A builder in a container does not see the daemon's images. */
async function daemonsOwnBuilder({ cli }: Docker): Promise<string[]> {
  const { stdout } = await cli.run(['buildx', 'inspect']);
  if (/^Driver:\s*docker\s*$/m.test(stdout)) return [];
  const context = await cli.run(['context', 'show']);
  return ['--builder', context.stdout.trim() || 'default'];
}

/** BuildKit inside the daemon. */
async function buildkit(step: BuildStep): Promise<BuildCommand> {
  return {
    args: ['build', ...fileAndPlatform(step)],
    env: { ...PLAIN_PROGRESS, DOCKER_BUILDKIT: '1' },
  };
}

/** The builder that every daemon has; it takes a Dockerfile of its own. */
async function plain({ plan, dockerfile }: BuildStep, docker: Docker): Promise<BuildCommand> {
  return {
    args: ['build', '--file', '-'],
    env: { DOCKER_BUILDKIT: '0' },
    input: plainDockerfile(dockerfile, plan.dockerfile, docker.platform),
  };
}
