import { type EcrTarget } from '@typerush/ecr-access';
import { deployedTag, deploymentNames, type Environment } from '@typerush/image-registry';
import { PipelineError, runNx } from '@typerush/pipeline-context';
import {
  cdkProcess,
  type CdkRunContext,
  declaredServices,
  type DeclaredService,
  planRunStack,
  readAssembly,
  runCdk,
} from '@typerush/registry-operations';
import {
  describeImageChanges,
  EcsServiceHost,
  EnvironmentImages,
  type ImageChange,
  imageVersion,
  type RegistryImage,
  runningImage,
  stackDigests,
} from '@typerush/service-deployment';
import { reportProgressTo } from '@typerush/terminal-output';
import { deployImage } from '../docker-deploy/deploy-image';
import { requireSigned } from '../docker-deploy/require-signed';

export interface RunStackContext {
  readonly root: string;
  readonly environment: Environment;
  readonly target: EcrTarget;
  readonly cdk: CdkRunContext;
  readonly revertDrift?: boolean;
}

/** How long a service may take to become healthy after a deployment of its stack, in seconds. */
const timeout = 900;

/**
 * Deploys the services, if the environment runs any: first their images, where the registry has none, then their stack, then
 * what changed in it to the tasks. An empty account gets all of it in this order, so that no service waits for an image that
 * waits for its repository.
 */
export async function deployRunStack(context: RunStackContext): Promise<void> {
  const services = await declaredServicesOf(context);
  if (services.length === 0) return;
  const { root, environment, cdk, target } = context;
  let images = await currentImages(context, services);
  const missing = services.filter(({ service }) => !images.get(service));
  if (missing.length > 0) {
    await pushImages(context, missing);
    images = await currentImages(context, services);
  }
  const digests = new Map(
    services.map(({ service }) => [
      service,
      requireImage(images.get(service), service, environment),
    ]),
  );
  const { registry } = cdk;
  for (const { service, repository } of services) {
    const image = { service, repository, environment, digest: digests.get(service) ?? '' };
    await requireSigned(image, { root, registry, target });
  }
  await runCdk(cdkProcess(root), planRunStack(context, digests, cdk));
  // ecr-local records the services: no task runs that could be replaced.
  if (environment === 'local') return;
  const reporter = reportProgressTo(process.stderr);
  for (const { service, repository } of services) {
    const digest = digests.get(service);
    const request = { service, repository, environment, digest, timeout, dryRun: false };
    const { version, outcome } = await deployImage(request, { root, registry, target, reporter });
    reporter.note(`${service}: ${version} ${outcome}`);
  }
}

/** The images that a deployment of the services would change, a line each; empty if the environment runs none. */
export async function describeRunStack(context: RunStackContext): Promise<string> {
  const services = await declaredServicesOf(context);
  if (services.length === 0) return '';
  const images = await currentImages(context, services);
  const running = await runningDigests(context, services);
  const registry = new EnvironmentImages(context.target, context.environment);
  const changes = await Promise.all(
    services.map(async ({ service, repository }): Promise<ImageChange> => {
      const digest = running.get(service);
      const from =
        digest && ((await registry.find(repository, { digest })) ?? { digest, tags: [] });
      return { service, from: from ? named(from) : undefined, to: named(images.get(service)) };
    }),
  );
  return describeImageChanges(changes);
}

const named = <T extends Pick<RegistryImage, 'digest' | 'tags'> | undefined>(image: T) =>
  image && { digest: image.digest, version: imageVersion(image.digest, image.tags) };

async function declaredServicesOf({
  root,
  environment,
  cdk,
}: RunStackContext): Promise<readonly DeclaredService[]> {
  const { runStack } = deploymentNames(cdk.registry, environment);
  const stack = (await readAssembly(root, environment)).find(({ name }) => name === runStack);
  return stack ? declaredServices(stack) : [];
}

/** What the moving tag of the environment points to. */
async function currentImages(
  { target, environment }: RunStackContext,
  services: readonly DeclaredService[],
): Promise<ReadonlyMap<string, RegistryImage | undefined>> {
  const registry = new EnvironmentImages(target, environment);
  const tag = deployedTag(environment);
  return new Map(
    await Promise.all(
      services.map(
        async ({ service, repository }) =>
          [service, await registry.find(repository, { tag })] as const,
      ),
    ),
  );
}

async function runningDigests(
  { target, environment, cdk }: RunStackContext,
  services: readonly DeclaredService[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const { cluster, runStack } = deploymentNames(cdk.registry, environment);
  const names = services.map(({ service }) => service);
  if (environment === 'local') {
    return stackDigests(target, { stack: runStack, environment, services: names });
  }
  return new Map(
    await Promise.all(
      names.map(async (service) => {
        const host = new EcsServiceHost(target, { cluster, service });
        return [service, await runningImage(host, service)] as const;
      }),
    ),
  );
}

async function pushImages(
  { root, environment, cdk: { variables } }: RunStackContext,
  services: readonly DeclaredService[],
): Promise<void> {
  const projects = services.map(({ service }) => service).join(',');
  process.stderr.write(
    `No image yet: ${projects}. They are built and pushed before the services.\n`,
  );
  const args = ['run-many', '-t', 'docker-push', '-p', projects, '-c', environment];
  if ((await runNx([...args, '--output-style=static'], root, variables, 1)) === 0) return;
  throw new PipelineError(
    'IMAGES_NOT_PUSHED',
    `Cannot deploy the services to ${environment}: the push of ${projects} failed; see its output above.\n` +
      'The repositories are deployed, and no service was changed.\n' +
      `Fix: nx run-many -t docker-push -p ${projects} -c ${environment}, then deploy again`,
  );
}

function requireImage(
  image: RegistryImage | undefined,
  service: string,
  environment: Environment,
): string {
  if (image) return image.digest;
  throw new PipelineError(
    'NOTHING_TO_DEPLOY',
    `Cannot deploy ${service} to ${environment}: no image has the tag "${deployedTag(environment)}".\n` +
      'No service was changed.\n' +
      `Fix: nx run ${service}:docker-push -c ${environment}`,
  );
}
