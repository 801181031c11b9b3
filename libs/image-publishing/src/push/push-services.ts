import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { dockerCredentials, RegistryClient } from '@typerush/oci';
import { imageAttachments } from '../attest/image-attachments';
import { type Tool } from '../attest/provenance';
import { layersOfBase } from '@typerush/image-build';
import { attachedWeights, packageWeights } from '../budget/package-weights';
import { readBundle } from '@typerush/service-bundle';
import {
  readSource,
  type PipelineEnvironment,
  type ServiceImage,
  type WorkspaceProject,
} from '@typerush/pipeline-context';
import { reportProgressTo } from '@typerush/terminal-output';
import {
  EcrRepositories,
  ecrTarget,
  askedDestinations,
  pushDestinations,
  siblingRepositories,
} from '@typerush/ecr-access';
import { provision } from './provision';
import { noProgress, PushProgress } from './push-progress';
import { type PushServices } from './push-service';

export interface PushSettings {
  readonly environment: Environment;
  /** Relative to the workspace root. */
  readonly dockerfile: string;
  /** One, or several; in one, with a comma. */
  readonly region: string | readonly string[];
  readonly registry: string | readonly string[];
  readonly attest: boolean;
  readonly provision: boolean;
  readonly json: boolean;
  readonly tool: Tool;
}

/** The world that a push of this service acts on. @throws PipelineError `OPTIONS_INVALID` */
export function pushServices(
  service: ServiceImage,
  settings: PushSettings,
  context: WorkspaceProject,
  machine: PipelineEnvironment,
): PushServices {
  const { environment, dockerfile } = settings;
  const { project, workspaceRoot: root } = service;
  const { variables, stepSummary } = machine;
  const now = () => new Date();
  const destinations = pushDestinations(
    service,
    askedDestinations(listOf(settings.region), listOf(settings.registry)),
    {
      environment,
      target: ecrTarget(environment, machine),
      ecr: (target) => new EcrRepositories(target, { project, environment }),
      credentials: (host) => () => dockerCredentials({ host, variables }),
    },
  );
  const reporter = reportProgressTo(process.stderr);
  const bundled = () =>
    readBundle(path.join(root, 'dist', service.projectRoot)).catch(() => undefined);
  const progress = new PushProgress(process.stderr, Date.now);
  const attested = { service, environment, dockerfile, machine, tool: settings.tool, now };
  return {
    destinations,
    client: (repository) => new RegistryClient(repository),
    provision: settings.provision
      ? (destination) => provision({ root, project, environment, variables }, destination)
      : undefined,
    source: () => readSource(root, machine, project),
    attachments: async (image, source) => {
      if (!settings.attest) return [];
      const bundle = await bundled();
      if (!bundle)
        reporter.note(
          `${project}: no SBOM attached: bundle.json of its build is missing or unreadable.`,
        );
      return imageAttachments({ ...attested, bundle }, image, source);
    },
    packages: async () => {
      const bundle = await bundled();
      return bundle && packageWeights(bundle);
    },
    packagesOf: ({ client, repository }, image) => attachedWeights(client, repository.path, image),
    layersOfBase: (image) => layersOfBase(image, variables),
    siblings: () => siblingRepositories(context, environment),
    progress: settings.json
      ? () => noProgress
      : (destination) => progress.listener(destinations.length > 1 ? destination : undefined),
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
