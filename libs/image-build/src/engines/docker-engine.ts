import { type BuiltImage } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { type BuildPlan } from '../build-plan';
import { type BuildCommand, type Builder, buildInEngine, type BuildStep } from './container-build';
import { type Docker, type DockerBuilder, type DockerChoice, findDocker } from './find-docker';
import {
  type Availability,
  type BuildRequest,
  type ImageEngine,
  type Unavailable,
  unavailableError,
} from './image-engine';
import { legacyDockerfile } from './legacy-dockerfile';

const DESCRIPTIONS: Readonly<Record<DockerBuilder, string>> = {
  buildx: 'builds with the buildx plugin',
  buildkit: 'builds with the BuildKit of its daemon',
  legacy:
    'has no buildx plugin: its legacy builder keeps no npm cache between builds and supports one platform',
};

/** Docker through its command line client, with any of its builders. */
export class DockerEngine implements ImageEngine {
  readonly name = 'docker';
  private found?: Promise<Docker | Unavailable>;

  /** @param choice instead of the best client and builder on this machine */
  constructor(
    private readonly variables: NodeJS.ProcessEnv,
    private readonly choice: DockerChoice = {},
  ) {}

  async detect({ platforms }: Pick<BuildRequest, 'platforms'>): Promise<Availability> {
    const found = await this.find();
    if ('available' in found) return found;
    const { cli, builder, platform } = found;
    const foreign = platforms.filter((requested) => requested !== platform);
    if (builder === 'legacy' && foreign.length > 0) {
      return {
        available: false,
        code: 'PLATFORMS_UNSUPPORTED',
        reason: `${cli.describe} has no buildx plugin, and its legacy builder supports only ${platform}, not ${foreign.join(', ')}.`,
        fix: 'install the plugin (https://docs.docker.com/go/buildx/), or use --engine=oci.',
      };
    }
    return { available: true, detail: `${cli.describe} ${DESCRIPTIONS[builder]}.` };
  }

  async build(plan: BuildPlan, reporter: ProgressReporter): Promise<BuiltImage> {
    const docker = await this.find();
    if ('available' in docker) throw unavailableError(docker);
    const builder: Builder = {
      cli: docker.cli,
      noCache: this.choice.noCache,
      save: (name) => ['save', name],
      command: (step) => COMMANDS[docker.builder](step, docker),
    };
    return buildInEngine(builder, plan, this.variables, reporter);
  }

  private find(): Promise<Docker | Unavailable> {
    return (this.found ??= findDocker(this.variables, this.choice));
  }
}

const COMMANDS: Readonly<
  Record<DockerBuilder, (step: BuildStep, docker: Docker) => Promise<BuildCommand>>
> = { buildx, buildkit, legacy };

const PLAIN_PROGRESS = { BUILDKIT_PROGRESS: 'plain' } as const;

const fileAndPlatform = ({ plan, platform }: BuildStep) => [
  '--file',
  plan.dockerfile,
  '--platform',
  platform,
];

/** The builder of the plugin may run on another machine: the image has to be loaded into the daemon. */
async function buildx(step: BuildStep, docker: Docker): Promise<BuildCommand> {
  const builder = step.base.isLocal ? await daemonBuilder(docker) : [];
  return {
    args: ['buildx', 'build', '--load', ...builder, ...fileAndPlatform(step)],
    // An attestation contains the time of the build, and turns a single image into an index.
    env: { ...PLAIN_PROGRESS, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
  };
}

/** A builder in a container cannot use images of the daemon. */
async function daemonBuilder({ cli }: Docker): Promise<string[]> {
  const { stdout } = await cli.run(['buildx', 'inspect']);
  if (/^Driver:\s*docker\s*$/m.test(stdout)) return [];
  const context = await cli.run(['context', 'show']);
  return ['--builder', context.stdout.trim() || 'default'];
}

/** BuildKit in the daemon. */
async function buildkit(step: BuildStep): Promise<BuildCommand> {
  return {
    args: ['build', ...fileAndPlatform(step)],
    env: { ...PLAIN_PROGRESS, DOCKER_BUILDKIT: '1' },
  };
}

/** Every daemon has this builder; it needs a simpler Dockerfile. */
async function legacy({ plan, dockerfile }: BuildStep, docker: Docker): Promise<BuildCommand> {
  return {
    args: ['build', '--file', '-'],
    env: { DOCKER_BUILDKIT: '0' },
    input: legacyDockerfile(dockerfile, plan.dockerfile, docker.platform),
  };
}
