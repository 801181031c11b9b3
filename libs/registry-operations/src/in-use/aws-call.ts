import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { explainFailure } from '../explain-failure';

/** What reading the images in use needs. */
export const imageUseActions = [
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:DescribeTasks',
  'ecs:ListClusters',
  'ecs:ListServices',
  'ecs:ListTaskDefinitions',
  'ecs:ListTasks',
  'lambda:GetFunction',
  'lambda:ListFunctions',
] as const;

/** Runs one request, and explains its failure. */
export type Call = <T>(
  action: (typeof imageUseActions)[number],
  send: () => Promise<T>,
) => Promise<T>;

/** ECS throttles an account that describes many task definitions; the SDK waits between its attempts. */
export const maxAttempts = 8;

/** @throws PipelineError, from the calls it makes. */
export function explainedCall(environment: Environment): Call {
  return async (action, send) => {
    try {
      return await send();
    } catch (error) {
      throw explain(error, action, environment);
    }
  };
}

function explain(error: unknown, action: string, environment: Environment) {
  const { name, message } = error as Error;
  if (name !== 'AccessDeniedException') {
    const where = action.startsWith('ecs:') ? 'Amazon ECS' : 'AWS Lambda';
    return explainFailure(error, { where, environment, operation: action });
  }
  return new PipelineError(
    'ACCESS_DENIED',
    `Cannot read which images are in use: the AWS credentials are not allowed to call ${action}: ${message}\n` +
      'No image was checked.\n' +
      `Fix: grant them ${imageUseActions.join(', ')}.`,
    { cause: error },
  );
}
