import { type BuiltImage, PipelineError } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { buildInEngine } from '../container/build-in-engine';
import {
  type Availability,
  type BuildPlan,
  type BuildRequest,
  type ImageEngine,
} from '../image-engine';
import { dockerBuilder } from './docker-builders';
import { type DockerBuilder } from './docker-client';
import { type DockerChoice, findDocker, type FoundDocker } from './find-docker';

type Variables = Readonly<Record<string, string | undefined>>;

const DESCRIPTIONS: Readonly<Record<DockerBuilder, string>> = {
  buildx: 'builds with the buildx plugin',
  buildkit: 'builds with the BuildKit of its daemon',
  plain:
    'has no buildx plugin: its plain builder keeps no npm cache between builds and knows one platform',
};

/** Docker through its command line client, whatever builder it has. */
export class DockerEngine implements ImageEngine {
  readonly name = 'docker';
  private found?: Promise<FoundDocker>;

  /** @param choice instead of the best client and builder that can be found */
  constructor(
    private readonly variables: Variables,
    private readonly choice: DockerChoice = {},
  ) {}

  async detect({ platforms }: Pick<BuildRequest, 'platforms'>): Promise<Availability> {
    const found = await this.find();
    if ('available' in found) return found;
    const { cli, builder, platform } = found;
    const foreign = platforms.filter((wanted) => wanted !== platform);
    if (builder === 'plain' && foreign.length > 0) {
      return {
        available: false,
        code: 'PLATFORMS_UNSUPPORTED',
        reason: `${cli.describe} has no buildx plugin, and its plain builder builds for ${platform} alone, not for ${foreign.join(', ')}.`,
        remedy: 'Install the plugin (https://docs.docker.com/go/buildx/), or use --engine=oci.',
      };
    }
    return { available: true, detail: `${cli.describe} ${DESCRIPTIONS[builder]}.` };
  }

  async build(plan: BuildPlan, reporter: ProgressReporter): Promise<BuiltImage> {
    const found = await this.find();
    if (!('available' in found)) {
      return buildInEngine(dockerBuilder(found, this.choice), plan, this.variables, reporter);
    }
    throw new PipelineError(found.code, `${found.reason} ${found.remedy}`);
  }

  private find(): Promise<FoundDocker> {
    return (this.found ??= findDocker(this.variables, this.choice));
  }
}
