import { parseReference } from '@typerush/oci';
import { type BuiltImage, PipelineError } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { withoutTag } from '../container/base-for-engine';
import { buildInEngine, type Builder, type BuildStep } from '../container/build-in-engine';
import { type ClientChoice, type ContainerCli } from '../container/container-cli';
import { type Availability, type BuildPlan, type ImageEngine } from '../image-engine';
import { findPodman, type FoundPodman } from './find-podman';

type Variables = Readonly<Record<string, string | undefined>>;

/** podman through its command line: no daemon, and no root where the user has a range of IDs. */
export class PodmanEngine implements ImageEngine {
  readonly name = 'podman';
  private found?: Promise<FoundPodman>;

  constructor(
    private readonly variables: Variables,
    private readonly choice: ClientChoice = {},
  ) {}

  async detect(): Promise<Availability> {
    const found = await this.find();
    if ('available' in found) return found;
    const how = found.rootless ? 'without root' : 'as root';
    return { available: true, detail: `${found.cli.describe} builds ${how} and without a daemon.` };
  }

  async build(plan: BuildPlan, reporter: ProgressReporter): Promise<BuiltImage> {
    const found = await this.find();
    if (!('available' in found)) {
      return buildInEngine(podmanBuilder(found.cli, this.choice), plan, this.variables, reporter);
    }
    throw new PipelineError(found.code, `${found.reason} ${found.remedy}`);
  }

  private find(): Promise<FoundPodman> {
    return (this.found ??= findPodman(this.variables, this.choice.client));
  }
}

function podmanBuilder(cli: ContainerCli, { noCache }: ClientChoice): Builder {
  return {
    cli,
    noCache,
    save: (name) => ['save', '--quiet', '--format', 'docker-archive', name],
    nameOf: withoutTag,
    command: async (step) => ({
      args: [
        'build',
        // A health check has no place in OCI's own format.
        '--format=docker',
        ...insecure(step),
        '--file',
        step.plan.dockerfile,
        '--platform',
        step.platform,
      ],
    }),
  };
}

/** Docker takes registries on this machine for trusted without TLS; podman has to be told. */
function insecure({ base }: BuildStep): string[] {
  if (base.isLocal) return [];
  const { host } = parseReference(base.base.reference);
  return /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(host) ? ['--tls-verify=false'] : [];
}
