import path from 'node:path';
import {
  EcrRepositories,
  ecrTarget,
  pushDestinations,
  requestedDestinations,
  siblingRepositories,
} from '@typerush/ecr-access';
import { layersOfBase } from '@typerush/image-build';
import { type Environment } from '@typerush/image-registry';
import { dockerCredentials, RegistryClient } from '@typerush/oci';
import {
  PipelineError,
  type PipelineEnvironment,
  readSource,
  runNx,
  type ServiceImage,
  type WorkspaceProject,
} from '@typerush/pipeline-context';
import { readBundle } from '@typerush/service-bundle';
import { reportProgressTo } from '@typerush/terminal-output';
import { imageAttachments } from '../attest/image-attachments';
import { type Tool } from '../attest/provenance';
import { PushProgress } from './push-progress';
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
  const destinations = pushDestinations(service, requested, {
    environment,
    target: ecrTarget(environment, machine),
    ecr: (target) => new EcrRepositories(target, { project, environment }),
    credentials: (host, repository) => () =>
      dockerCredentials({ host, path: repository, variables }),
  });
  const reporter = reportProgressTo(process.stderr);
  const progress = new PushProgress(process.stderr, Date.now);
  const readOwnBundle = () =>
    readBundle(path.join(root, 'dist', service.projectRoot)).catch(() => undefined);
  return {
    destinations,
    client: (repository) => new RegistryClient(repository),
    provision: settings.provision
      ? ({ region }) => provision(service, environment, variables, region)
      : undefined,
    source: () => readSource(root, machine, project),
    attachments: async (image, source) => {
      if (!settings.attest) return [];
      const bundle = await readOwnBundle();
      if (!bundle) {
        reporter.note(
          `${project}: no SBOM attached: bundle.json of its build is missing or unreadable.`,
        );
      }
      const built = { service, environment, dockerfile, machine, tool, now, bundle };
      return imageAttachments(built, image, source);
    },
    bundle: readOwnBundle,
    layersOfBase: (image) => layersOfBase(image, { ...service, variables }),
    siblings: () => siblingRepositories(context, environment),
    progress: (destination) => {
      if (settings.json) return () => undefined;
      return progress.listener(destinations.length > 1 ? destination : undefined);
    },
    now,
    reporter,
    stepSummary,
  };
}

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
