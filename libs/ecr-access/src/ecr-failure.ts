import { type ECRClient } from '@aws-sdk/client-ecr';
import { PipelineError } from '@typerush/pipeline-context';

export interface FailureContext {
  /** The address of the registry (see ecrAddress), or the name of a service of AWS. */
  readonly where: string;
  readonly repository: string;
  readonly project: string;
  readonly environment: string;
}

/** The address that the requests of a client go to, for messages; only the region if there is no address yet. */
export async function ecrAddress({ config }: ECRClient): Promise<string> {
  try {
    const { endpoint, region } = config;
    if (endpoint) {
      const { hostname, port } = await endpoint();
      return port ? `${hostname}:${port}` : hostname;
    }
    return `Amazon ECR in ${await region()}`;
  } catch {
    return 'Amazon ECR';
  }
}

/** `Amazon ECR in eu-west-1` is a registry, `127.0.0.1:5100` the address of one. */
export const registryAt = (where: string): string =>
  /^(Amazon|AWS) /.test(where) ? where : `the registry at ${where}`;

/** Node's codes of a failed connection; the SDK may wrap the error and keep only the message. */
const noConnection =
  /\b(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE)\b/;

/** An error of the AWS SDK for ECR, with the fix for its kind. */
export function explainEcrFailure(error: unknown, context: FailureContext): PipelineError {
  const cause = error as { readonly name?: string; readonly code?: string; message: string };
  const { where, repository, project, environment } = context;
  const reason = cause.message.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
  const fail = (code: string, problem: string, fix?: string) =>
    new PipelineError(code, fix ? `${problem}\nFix: ${fix}` : problem, { cause: error });
  const connection = noConnection.exec(`${cause.code} ${cause.message}`)?.[0];
  if (connection || cause.name === 'TimeoutError') {
    return fail(
      'REGISTRY_UNREACHABLE',
      `No response from ${registryAt(where)} (${connection ?? cause.name}).`,
      environment === 'local'
        ? 'start the local registry (npm start), or set ECR_LOCAL_PORT to its port.'
        : 'check the network, AWS_REGION and AWS_ENDPOINT_URL.',
    );
  }
  switch (cause.name) {
    case 'RepositoryNotFoundException':
      return fail(
        'REPOSITORY_MISSING',
        `The repository ${repository} does not exist in ${registryAt(where)}.`,
        `nx run ${project}:provision -c ${environment}, or push with --provision\n` +
          '     (nx g @typerush/nx-ecr:infra adds that target to a workspace),\n' +
          `     or aws ecr create-repository --repository-name ${repository}`,
      );
    case 'CredentialsProviderError':
      return fail(
        'CREDENTIALS_MISSING',
        `No AWS credentials were found (${reason}).`,
        'log in (aws sso login, aws configure) or set AWS_PROFILE, or use the local registry with -c local.',
      );
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'TokenRefreshRequired':
      return fail(
        'CREDENTIALS_EXPIRED',
        'The AWS credentials have expired.',
        'log in again (aws sso login).',
      );
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'IncompleteSignature':
      // `local` ignores the credentials of AWS: see ecrTarget.
      if (environment === 'local') {
        return fail(
          'CREDENTIALS_INVALID',
          `${where} does not accept the access key "local", with which -c local signs: it was started with a file of roles (ECR_LOCAL_ROLES).`,
          'start it without ECR_LOCAL_ROLES,\n' +
            `     or use -c dev with AWS_ENDPOINT_URL=http://${where}, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n` +
            '     of a principal in that file.',
        );
      }
      return fail(
        'CREDENTIALS_INVALID',
        `${where} does not accept the AWS credentials (${reason}).`,
        'check AWS_PROFILE or AWS_ACCESS_KEY_ID.',
      );
    case 'AccessDeniedException':
      return fail(
        'ACCESS_DENIED',
        `The AWS credentials are not allowed to push to ${repository}: ${reason}.`,
        'use credentials with ecr:DescribeRepositories, ecr:GetAuthorizationToken and the push role of the repository.',
      );
  }
  if (/region is missing|region not accepted/i.test(cause.message)) {
    return fail(
      'REGION_MISSING',
      'No AWS region is set.',
      'set AWS_REGION, or the region of your profile.',
    );
  }
  return fail('REGISTRY_FAILED', `${where} returned ${cause.name ?? 'an error'}: ${reason}`);
}
