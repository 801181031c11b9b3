import { type EcrTarget } from '@typerush/ecr-access';
import {
  deployedTag,
  deploymentNames,
  type Environment,
  type RegistryConfig,
} from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import {
  type DeploymentResult,
  deployService,
  EcsServiceHost,
  EnvironmentImages,
  imageVersion,
  type RegistryImage,
  runningImage,
  systemClock,
} from '@typerush/service-deployment';
import { type ProgressReporter } from '@typerush/terminal-output';
import { requireSigned } from './require-signed';

export interface ImageToDeploy {
  readonly service: string;
  readonly environment: Environment;
  readonly repository: string;
  /** @default - the image that the moving tag of the environment points to */
  readonly digest?: string;
  readonly timeout: number;
  readonly dryRun: boolean;
}

export interface DeployedImage {
  readonly service: string;
  readonly digest: string;
  readonly version: string;
  readonly outcome: DeploymentResult['outcome'] | 'planned';
}

export interface DeploymentContext {
  /** The workspace root. */
  readonly root: string;
  readonly registry: RegistryConfig;
  /** Of ECR and ECS. */
  readonly target: EcrTarget;
  readonly reporter: ProgressReporter;
}

/** Deploys one service. @throws PipelineError */
export async function deployImage(
  request: ImageToDeploy,
  context: DeploymentContext,
): Promise<DeployedImage> {
  const { service, environment, repository, timeout, dryRun } = request;
  if (environment === 'local') throw notEmulated(service);
  const { registry, target, reporter } = context;
  requireEcr(service, environment, registry);
  const image = await findImage(request, target);
  await requireSigned({ service, environment, repository, digest: image.digest }, context);
  const { cluster } = deploymentNames(registry, environment);
  const host = new EcsServiceHost(target, { cluster, service });
  const deployed = {
    service,
    digest: image.digest,
    version: imageVersion(image.digest, image.tags),
  };
  if (dryRun) {
    const isRunning = (await runningImage(host, service)) === image.digest;
    return { ...deployed, outcome: isRunning ? 'unchanged' : 'planned' };
  }
  reporter.progress(`${service}: deploying ${deployed.version} to ${environment}`);
  const { outcome } = await deployService(host, {
    service,
    environment,
    image: image.uri,
    timeoutSeconds: timeout,
    clock: systemClock,
    onProgress: (message) => reporter.progress(message),
  });
  return { ...deployed, outcome };
}

async function findImage(
  { service, environment, repository, digest }: ImageToDeploy,
  target: EcrTarget,
): Promise<RegistryImage> {
  const by = digest === undefined ? { tag: deployedTag(environment) } : { digest };
  const image = await new EnvironmentImages(target, environment).find(repository, by);
  if (image) return image;
  const missing = digest ?? `the tag "${deployedTag(environment)}"`;
  throw new PipelineError(
    'NOTHING_TO_DEPLOY',
    `Cannot deploy ${service} to ${environment}: the repository ${repository} has no image with ${missing}.\n` +
      'Nothing was changed.\n' +
      `Fix: nx run ${service}:docker-push -c ${environment}, or nx run ${service}:docker-promote to ${environment}`,
  );
}

/** Services pull from Amazon ECR. @throws PipelineError `DEPLOYMENT_UNSUPPORTED` */
function requireEcr(service: string, environment: Environment, registry: RegistryConfig): void {
  const destinations = registry.destinations?.[environment];
  if (!destinations || destinations.some(({ region }) => region !== undefined)) return;
  throw new PipelineError(
    'DEPLOYMENT_UNSUPPORTED',
    `Cannot deploy ${service} to ${environment}: no destination of ${environment} is Amazon ECR, which services pull from.\n` +
      'Nothing was changed.\n' +
      'Fix: add a destination with a region to registry.json.',
  );
}

const notEmulated = (service: string) =>
  new PipelineError(
    'SERVICES_NOT_EMULATED',
    `Cannot deploy ${service} to local: ecr-local records services and does not run them.\n` +
      'Fix: run the services with npm start.',
  );
