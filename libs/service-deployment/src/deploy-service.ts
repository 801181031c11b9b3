import { isDeepStrictEqual } from 'node:util';
import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { awaitRollout, type Waiting } from './await-rollout';
import { failedDeployment } from './failed-deployment';
import {
  type ServiceHost,
  type ServiceState,
  type TaskDefinition,
  type TaskDefinitionContent,
} from './service-host';

export interface DeploymentRequest extends Waiting {
  readonly service: string;
  readonly environment: Environment;
  /** The image by digest: `<repository uri>@sha256:...`. */
  readonly image: string;
}

export interface DeploymentResult {
  readonly outcome: 'deployed' | 'unchanged';
  readonly definitionArn: string;
  readonly image: string;
}

/**
 * Runs an image in a service and waits until it is healthy. If it does not become so, the service runs the former revision
 * again. A service that runs the image already is left alone, and a deployment that was interrupted is awaited.
 *
 * @throws PipelineError SERVICE_NOT_DEPLOYED, CONTAINER_UNKNOWN, DEPLOYMENT_IN_PROGRESS, DEPLOYMENT_UNHEALTHY,
 *   DEPLOYMENT_REPLACED, ROLLBACK_UNFINISHED, and those of the host
 */
export async function deployService(
  host: ServiceHost,
  request: DeploymentRequest,
): Promise<DeploymentResult> {
  const state = await host.state();
  if (!state) throw notDeployed(request);
  const [latest, running] = await Promise.all([
    host.latestDefinition(),
    host.definition(state.primary.definitionArn),
  ]);
  const wanted = withImage(latest.content, request);
  const isWanted = ({ content }: TaskDefinition) => isDeepStrictEqual(content, wanted);
  const { image } = request;
  const done = (outcome: DeploymentResult['outcome'], { arn }: TaskDefinition) => ({
    outcome,
    definitionArn: arn,
    image,
  });
  if (isWanted(running) && state.primary.state === 'COMPLETED') return done('unchanged', running);
  if (isWanted(running) && state.primary.state === 'IN_PROGRESS') {
    await follow(host, request, { next: running, before: state });
    return done('deployed', running);
  }
  if (state.primary.state === 'IN_PROGRESS') throw inProgress(request, running);
  const next = isWanted(latest) ? latest : await host.register(wanted);
  await host.rollOut(next.arn).catch(async (error: unknown) => {
    // Otherwise CloudFormation would start tasks of an image that was never healthy.
    if (next !== latest) await host.retire(next.arn);
    throw error;
  });
  await follow(host, request, { next, before: state });
  return done('deployed', next);
}

/** Waits for a rollout; if it fails, makes sure that the service runs the former revision again. */
async function follow(
  host: ServiceHost,
  request: DeploymentRequest,
  { next, before }: { readonly next: TaskDefinition; readonly before: ServiceState },
): Promise<void> {
  const seen = new Set(before.events.map(({ id }) => id));
  const former = formerDefinition(before, next.arn);
  const ended = await awaitRollout(host, request, next.arn);
  if (ended.outcome === 'healthy') return;
  const { primary, events } = ended.state;
  const messages = events.filter(({ id }) => !seen.has(id)).map(({ message }) => message);
  const failed = { ...request, reason: ended.reason, messages };
  if (former === undefined) throw failedDeployment(failed, { state: 'nothing to return to' });
  // The circuit breaker may have begun to return by itself.
  if (primary.definitionArn === next.arn) await host.rollOut(former);
  else if (primary.definitionArn !== former) throw failedDeployment(failed, { state: 'replaced' });
  const back = await awaitRollout(host, request, former);
  if (back.outcome !== 'healthy') throw failedDeployment(failed, { state: 'not back' });
  // CloudFormation starts tasks by the newest revision: it has to be one that is healthy.
  await host.retire(next.arn);
  const { content } = await host.definition(former);
  throw failedDeployment(failed, { state: 'rolled back', runs: imageIn(content, request) });
}

/** What to return to; nothing if the service never ran anything else. */
function formerDefinition(
  { primary, healthyDefinitionArn }: ServiceState,
  next: string,
): string | undefined {
  if (primary.definitionArn !== next && primary.state === 'COMPLETED') return primary.definitionArn;
  return healthyDefinitionArn === next ? undefined : healthyDefinitionArn;
}

function withImage(
  content: TaskDefinitionContent,
  request: DeploymentRequest,
): TaskDefinitionContent {
  imageIn(content, request);
  return {
    ...content,
    containerDefinitions: content.containerDefinitions.map((container) =>
      container.name === request.service ? { ...container, image: request.image } : container,
    ),
  };
}

function imageIn(
  { containerDefinitions }: TaskDefinitionContent,
  { service, environment }: DeploymentRequest,
): string {
  const found = containerDefinitions.find(({ name }) => name === service);
  if (found) return found.image ?? '';
  throw new PipelineError(
    'CONTAINER_UNKNOWN',
    `Cannot deploy ${service} to ${environment}: its task definition has no container "${service}", ` +
      `only ${containerDefinitions.map(({ name }) => name).join(', ') || 'none'}.\n` +
      'Nothing was changed.\n' +
      `Fix: nx run infra:deploy -c ${environment}`,
  );
}

function notDeployed({ service, environment }: DeploymentRequest): PipelineError {
  return new PipelineError(
    'SERVICE_NOT_DEPLOYED',
    `Cannot deploy ${service} to ${environment}: the service does not exist on Amazon ECS.\n` +
      'Nothing was changed.\n' +
      `Fix: set "run" of ${environment} in infra/src/environments.ts, then nx run infra:deploy -c ${environment}`,
  );
}

function inProgress(request: DeploymentRequest, running: TaskDefinition): PipelineError {
  const { service, environment } = request;
  return new PipelineError(
    'DEPLOYMENT_IN_PROGRESS',
    `Cannot deploy ${service} to ${environment}: another deployment is in progress, of ${imageIn(running.content, request)}.\n` +
      'Nothing was changed.\n' +
      'Fix: deploy again when it has ended.',
  );
}
