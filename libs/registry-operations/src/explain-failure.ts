import { explainEcrFailure, registryAt } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';

interface FailedCall {
  /** Where the request went. */
  readonly where: string;
  readonly environment: Environment;
  /** The operation of the API, such as `DescribeImages`. */
  readonly operation: string;
  readonly repository?: string;
}

/** The error of a call to ECR or CloudFormation as a message with a remedy. */
export function explainFailure(
  error: unknown,
  { where, environment, operation, repository = '' }: FailedCall,
): PipelineError {
  if (error instanceof PipelineError) return error;
  const { name, message } = error as Error;
  const fail = (code: string, text: string) => new PipelineError(code, text, { cause: error });
  switch (name) {
    case 'RepositoryNotFoundException':
      return fail(
        'REPOSITORY_MISSING',
        `The repository ${repository} does not exist in ${registryAt(where)}.\n` +
          `Fix: nx run infra:deploy -c ${environment}`,
      );
    case 'AccessDenied':
    case 'AccessDeniedException':
      return fail(
        'ACCESS_DENIED',
        `The AWS credentials are not allowed to call ${operation}${repository && ` on ${repository}`}: ${message}\n` +
          'Fix: grant them this action.',
      );
  }
  return explainEcrFailure(error, { where, environment, repository, project: 'infra' });
}
