import { lastLines, runCommand } from '@typerush/child-process';
import { parseReference, withoutDigest } from '@typerush/oci';
import { type BuiltImage } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { type BuildPlan } from '../build-plan';
import { type Builder, buildInEngine, type BuildStep } from './container-build';
import { type ClientChoice, ContainerCli, executables } from './container-cli';
import {
  type Availability,
  type ImageEngine,
  type Unavailable,
  unavailableError,
} from './image-engine';

/** podman through its command line: without a daemon, and without root if the user has a range of IDs. */
export class PodmanEngine implements ImageEngine {
  readonly name = 'podman';
  private found?: Promise<Podman | Unavailable>;

  /** @param choice instead of the first client on PATH that works */
  constructor(
    private readonly variables: NodeJS.ProcessEnv,
    private readonly choice: ClientChoice = {},
  ) {}

  async detect(): Promise<Availability> {
    const found = await this.find();
    if ('available' in found) return found;
    const how = found.rootless ? 'without root' : 'as root';
    return { available: true, detail: `${found.cli.describe} builds ${how} and without a daemon.` };
  }

  async build(plan: BuildPlan, reporter: ProgressReporter): Promise<BuiltImage> {
    const podman = await this.find();
    if ('available' in podman) throw unavailableError(podman);
    const builder: Builder = {
      cli: podman.cli,
      noCache: this.choice.noCache,
      save: (name) => ['save', '--quiet', '--format', 'docker-archive', name],
      nameOf: withoutTag,
      command: async (step) => ({ args: buildArguments(step) }),
    };
    return buildInEngine(builder, plan, this.variables, reporter);
  }

  private find(): Promise<Podman | Unavailable> {
    return (this.found ??= findPodman(this.variables, this.choice.client));
  }
}

const buildArguments = (step: BuildStep): string[] => [
  'build',
  // The OCI format has no health check.
  '--format=docker',
  ...insecure(step),
  '--file',
  step.plan.dockerfile,
  '--platform',
  step.platform,
];

/** Docker trusts registries on this machine without TLS; podman needs an option. */
function insecure({ base }: BuildStep): string[] {
  if (base.isLocal) return [];
  const { host } = parseReference(base.base.reference);
  return /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(host) ? ['--tls-verify=false'] : [];
}

/** podman accepts a tag or a digest in a reference, not both. */
function withoutTag(reference: string): string {
  const digest = reference.split('@')[1];
  return digest ? `${withoutDigest(reference).replace(/:[^/:]*$/, '')}@${digest}` : reference;
}

interface Podman {
  readonly cli: ContainerCli;
  readonly rootless: boolean;
}

const RESPONSE_TIMEOUT_MS = 30_000;

/** The first podman on PATH whose storage works. */
async function findPodman(
  variables: NodeJS.ProcessEnv,
  client?: string,
): Promise<Podman | Unavailable> {
  const paths = client ? [client] : await executables('podman', variables);
  let failure: Unavailable | undefined;
  for (const path of paths) {
    const { stdout } = await runCommand(path, ['--version'], { env: variables });
    const version = /^podman(?:-remote)? version (\S+)/.exec(stdout)?.[1];
    if (!version) continue;
    const cli = new ContainerCli('podman', path, version, variables);
    // It opens the storage, which fails if podman cannot work.
    const info = await cli.run(['info', '--format', '{{.Host.Security.Rootless}}'], {
      timeout: RESPONSE_TIMEOUT_MS,
    });
    if (info.code === 0) return { cli, rootless: info.stdout.trim() === 'true' };
    failure ??= unusable(path, lastLines({ ...info, stdout: '' }, 1));
  }
  return failure ?? missing(client);
}

const unusable = (path: string, output: string): Unavailable => ({
  available: false,
  code: 'PODMAN_UNUSABLE',
  reason: `${path} does not work here: ${output.replace(/[.?]+$/, '') || 'timeout'}.`,
  fix: 'see "podman info" and https://github.com/containers/podman/blob/main/troubleshooting.md, or use --engine=oci, which does not need it.',
});

const missing = (client: string | undefined): Unavailable => ({
  available: false,
  code: 'PODMAN_MISSING',
  reason: `Cannot find ${client ?? 'podman on PATH'}.`,
  fix: 'install podman, or use --engine=oci, which does not need it.',
});
