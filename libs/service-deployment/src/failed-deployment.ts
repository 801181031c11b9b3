import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';

export interface FailedDeployment {
  readonly service: string;
  readonly environment: Environment;
  /** The image that was to run. */
  readonly image: string;
  readonly reason: string;
  /** The events of the service since the deployment began. */
  readonly messages: readonly string[];
}

export type StateAfterFailure =
  | { readonly state: 'rolled back'; /** The one that runs. */ readonly runs: string }
  | { readonly state: 'not back' | 'replaced' | 'nothing to return to' };

/** The most events that a message lists, newest first. */
const maxMessages = 5;

/** A deployment that failed. */
export class DeploymentError extends PipelineError {
  constructor(
    code: string,
    message: string,
    /** The image that the service was returned to; undefined if it was not. */
    readonly rolledBackTo?: string,
  ) {
    super(code, message);
  }
}

/** The error of a deployment that failed: why, which image runs now, and what to do. */
export function failedDeployment(
  failed: FailedDeployment,
  after: StateAfterFailure,
): DeploymentError {
  const { service, environment, image, reason, messages } = failed;
  return new DeploymentError(
    codeOf(after),
    [
      `The deployment of ${service} to ${environment} failed: ${reason}.`,
      ...messages.slice(0, maxMessages).map((message) => `  ${message}`),
      `Image: ${image}`,
      effectOf(failed, after),
      `Fix: ${fixOf(failed, after)}`,
    ].join('\n'),
    after.state === 'rolled back' ? after.runs : undefined,
  );
}

function codeOf({ state }: StateAfterFailure): string {
  if (state === 'not back') return 'ROLLBACK_UNFINISHED';
  return state === 'replaced' ? 'DEPLOYMENT_REPLACED' : 'DEPLOYMENT_UNHEALTHY';
}

function effectOf({ service }: FailedDeployment, after: StateAfterFailure): string {
  switch (after.state) {
    case 'rolled back':
      return `Rolled back: ${service} runs ${after.runs} again.`;
    case 'nothing to return to':
      return `There is no former revision to return to: ${service} does not run.`;
    case 'not back':
      return `The rollback was started and is not complete: ${service} may run both images.`;
    case 'replaced':
      return `Another deployment of ${service} began meanwhile, and goes on.`;
  }
}

function fixOf({ service, environment }: FailedDeployment, { state }: StateAfterFailure): string {
  switch (state) {
    case 'rolled back':
      return `read the log of ${service} in CloudWatch, and point the tag of ${environment} to the image that runs:\n     nx run ${service}:docker-rollback -c ${environment}`;
    case 'nothing to return to':
      return `read the log of ${service} in CloudWatch, then deploy an image that starts.`;
    case 'not back':
      return `look at the events of the service on Amazon ECS, then nx run ${service}:docker-deploy -c ${environment} with --digest of the former image.`;
    case 'replaced':
      return 'deploy again when the other deployment has ended.';
  }
}
