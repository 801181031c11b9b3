import { requestedDestinations, siblingRepositories } from '@typerush/ecr-access';
import { layersOfBase } from '@typerush/image-build';
import { type Environment, type GateName } from '@typerush/image-registry';
import { RegistryClient } from '@typerush/oci';
import {
  type PipelineEnvironment,
  PipelineError,
  readSource,
  runNx,
  type ServiceImage,
  type WorkspaceProject,
} from '@typerush/pipeline-context';
import { bundleOf } from '@typerush/service-bundle';
import { reportProgressTo } from '@typerush/terminal-output';
import { imageAttachments } from '../attest/image-attachments';
import { type Tool } from '../attest/provenance';
import { auditServices } from '../audit/audit-services';
import { auditGate, scanGate } from '../gate/gates';
import { scansOf } from '../scan/scan-service';
import { destinationsOf, ecrOf } from './destinations';
import { destinationProgress } from './push-progress';
import { type PushServices } from './push-service';

export interface PushSettings {
  readonly environment: Environment;
  /** Relative to the workspace root. */
  readonly dockerfile: string;
  /** One or several, also separated by commas. */
  readonly region: string | readonly string[];
  readonly registry: string | readonly string[];
  readonly attest: boolean;
  readonly provision: boolean;
  readonly json: boolean;
  readonly tool: Tool;
  /** Seconds to wait for the gates. */
  readonly timeout: number;
}

/** The services of a push on this machine. @throws PipelineError `OPTIONS_INVALID` */
export function pushServices(
  service: ServiceImage,
  settings: PushSettings,
  context: WorkspaceProject,
  machine: PipelineEnvironment,
): PushServices {
  const { environment, dockerfile, tool } = settings;
  const { project, workspaceRoot: root } = service;
  const { variables, stepSummary } = machine;
  const now = () => new Date();
  const requested = requestedDestinations(listOf(settings.region), listOf(settings.registry));
  const destinations = destinationsOf(service, { environment, machine }, requested);
  const reporter = reportProgressTo(process.stderr);
  const ecr = ecrOf(destinations);
  const scans = scansOf(ecr ?? {}, { project, environment });
  return {
    destinations,
    client: (repository) => new RegistryClient(repository),
    provision: settings.provision
      ? ({ region }) => provision(service, environment, variables, region)
      : undefined,
    uploadGates: gatesOf(service, {
      audit: () => auditGate(service, auditServices(service, machine)),
    }),
    gates: gatesOf(service, {
      scan: () => scanGate(service, settings, scans),
    }),
    source: () => readSource(root, machine, project),
    attachments: async (image, source) => {
      if (!settings.attest) return [];
      const bundle = await bundleOf(service);
      if (!bundle) {
        reporter.note(
          `${project}: no SBOM attached: bundle.json of its build is missing or unreadable.`,
        );
      }
      const built = { service, environment, dockerfile, machine, tool, now, bundle };
      return imageAttachments(built, image, source);
    },
    bundle: () => bundleOf(service),
    layersOfBase: (image) => layersOfBase(image, { ...service, variables }),
    siblings: () => siblingRepositories(context, environment),
    progress: destinationProgress(destinations, settings),
    now,
    reporter,
    ...(ecr && { scans: scans.scans }),
    run: machine.ci.run?.url,
    stepSummary,
  };
}

/** Those that registry.json requires, in its order. */
const gatesOf = <G>({ gates }: ServiceImage, known: Partial<Record<GateName, () => G>>): G[] =>
  gates.flatMap((name) => known[name]?.() ?? []);

const listOf = (value: string | readonly string[]): readonly string[] =>
  [value]
    .flat()
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter(Boolean);

/**
 * Runs the target `provision` of the project. Its output goes to standard error: standard output is for results.
 * @throws PipelineError `PROVISION_FAILED`
 */
async function provision(
  { project, workspaceRoot }: ServiceImage,
  environment: Environment,
  variables: PipelineEnvironment['variables'],
  region: string | undefined,
): Promise<void> {
  const args = ['run', `${project}:provision`, `--configuration=${environment}`];
  const ofRegion = region ? { AWS_REGION: region, AWS_DEFAULT_REGION: region } : {};
  const code = await runNx(args, workspaceRoot, { ...variables, ...ofRegion }, 2);
  if (code === 0) return;
  throw new PipelineError('PROVISION_FAILED', `nx ${args.join(' ')} failed; see its output above.`);
}
