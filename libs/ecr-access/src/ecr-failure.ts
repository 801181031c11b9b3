import { PipelineError } from '@typerush/pipeline-context';

export interface FailureContext {
  /** Where the request went, for the message. */
  readonly where: string;
  readonly repository: string;
  readonly project: string;
  readonly environment: string;
}

interface Cause {
  readonly name?: string;
  readonly code?: string;
  readonly message: string;
}

/** Node's codes of a connection that did not come about; the SDK may wrap the error and keep the message alone. */
const noConnection =
  /\b(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE)\b/;

/** What went wrong between us and ECR, in words, with what to do about it. */
export function explainEcrFailure(error: unknown, context: FailureContext): PipelineError {
  const cause = error as Cause;
  const fail = (code: string, message: string) =>
    new PipelineError(code, message, { cause: error });
  const { where, repository, project, environment } = context;
  if (isUnreachable(cause)) return unreachableRegistry(where, environment, error);
  switch (cause.name) {
    case 'RepositoryNotFoundException':
      return fail(
        'REPOSITORY_MISSING',
        `The repository ${repository} does not exist in the registry at ${where}. ` +
          `Create it: nx run ${project}:provision -c ${environment}, or push with --provision (a workspace without that target gets it ` +
          `by nx g @typerush/nx-ecr:infra); or aws ecr create-repository --repository-name ${repository}.`,
      );
    case 'CredentialsProviderError':
      return fail(
        'CREDENTIALS_MISSING',
        `No AWS credentials were found (${oneLine(cause.message)}). Log in (aws sso login, aws configure) or set AWS_PROFILE, ` +
          'or use the local registry with -c local.',
      );
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'TokenRefreshRequired':
      return fail(
        'CREDENTIALS_EXPIRED',
        'The AWS credentials have expired. Log in again (aws sso login).',
      );
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'IncompleteSignature':
      return fail(
        'CREDENTIALS_INVALID',
        `${where} does not accept the AWS credentials (${oneLine(cause.message)}). Check AWS_PROFILE or AWS_ACCESS_KEY_ID.`,
      );
    case 'AccessDeniedException':
      return fail(
        'ACCESS_DENIED',
        `The AWS credentials may not push to ${repository}: ${oneLine(cause.message)}. ` +
          'It takes ecr:DescribeRepositories and ecr:GetAuthorizationToken, and the push role of the repository.',
      );
  }
  if (/region is missing|region not accepted/i.test(cause.message)) {
    return fail(
      'REGION_MISSING',
      'No AWS region is set. Set AWS_REGION, or the region of your profile.',
    );
  }
  return fail(
    'REGISTRY_FAILED',
    `${where} answered ${cause.name ?? 'an error'}: ${oneLine(cause.message)}`,
  );
}

/** A registry that gave no answer at all. */
export function unreachableRegistry(
  where: string,
  environment: string,
  cause: unknown,
): PipelineError {
  const remedy =
    environment === 'local'
      ? 'Start the local registry (npm start), or set ECR_LOCAL_PORT to its port.'
      : 'Check the network, AWS_REGION and AWS_ENDPOINT_URL.';
  return new PipelineError('REGISTRY_UNREACHABLE', `No registry answers at ${where}. ${remedy}`, {
    cause,
  });
}

const isUnreachable = ({ code, name, message }: Cause) =>
  noConnection.test(`${code} ${message}`) || name === 'TimeoutError';

const oneLine = (text: string) => text.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
