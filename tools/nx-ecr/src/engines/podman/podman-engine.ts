import { parseReference } from '@typerush/oci';
import { type BuiltImage } from '../../built-image';
import { PipelineError } from '../../pipeline-error';
import { withoutTag } from '../container/base-for-engine';
import { buildInEngine, type Builder, type BuildStep } from '../container/build-in-engine';
import { type ContainerCli } from '../container/container-cli';
import {
  type Availability,
  type BuildPlan,
  type ImageEngine,
  type Narrator,
} from '../image-engine';
import { findPodman, type FoundPodman } from './find-podman';

type Variables = Readonly<Record<string, string | undefined>>;

/** podman through its command line: no daemon, and no root where the user has a range of IDs. */
export class PodmanEngine implements ImageEngine {
  readonly name = 'podman';
  private found?: Promise<FoundPodman>;

  /** @param client the path of a client, instead of the first on PATH that works */
  constructor(
    private readonly variables: Variables,
    private readonly client?: string,
  ) {}

  async detect(): Promise<Availability> {
    const found = await this.find();
    if ('available' in found) return found;
    const how = found.rootless ? 'without root' : 'as root';
    return { available: true, detail: `${found.cli.describe} builds ${how} and without a daemon.` };
  }

  async build(plan: BuildPlan, narrator: Narrator): Promise<BuiltImage> {
    const found = await this.find();
    if (!('available' in found)) {
      return buildInEngine(podmanBuilder(found.cli), plan, this.variables, narrator);
    }
    throw new PipelineError(found.code, `${found.reason} ${found.remedy}`);
  }

  private find(): Promise<FoundPodman> {
    return (this.found ??= findPodman(this.variables, this.client));
  }
}

function podmanBuilder(cli: ContainerCli): Builder {
  return {
    cli,
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
