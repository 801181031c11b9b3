import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { explainEcrFailure } from '@typerush/ecr-access';

export interface OperationContext {
  /** Where the request went. */
  readonly where: string;
  readonly environment: Environment;
  /** The operation of the API, such as `DescribeImages`. */
  readonly operation: string;
  readonly repository?: string;
}

/** What went wrong between a day-two target and ECR or CloudFormation, in words, with what to do about it. */
export function explainOperationFailure(
  error: unknown,
  { where, environment, operation, repository = '' }: OperationContext,
): PipelineError {
  if (error instanceof PipelineError) return error;
  const { name, message } = error as Error;
  const fail = (code: string, text: string) => new PipelineError(code, text, { cause: error });
  switch (name) {
    case 'RepositoryNotFoundException':
      return fail(
        'REPOSITORY_MISSING',
        `The repository ${repository} does not exist in the registry at ${where}. ` +
          `Create it: nx run infra:deploy -c ${environment}`,
      );
    case 'AccessDenied':
    case 'AccessDeniedException':
      return fail(
        'ACCESS_DENIED',
        `The AWS credentials may not call ${operation}${repository && ` on ${repository}`}: ${message}`,
      );
  }
  return explainEcrFailure(error, { where, environment, repository, project: 'infra' });
}
