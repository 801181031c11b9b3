import { Aws } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { RegistryDefinitionError } from './registry-definition-error';

const issuer = 'token.actions.githubusercontent.com';

/** The one branch of the one repository whose workflows get the role; of one environment on GitHub, if it is named. */
export interface GithubSource {
  /** `owner/name` of the repository. */
  readonly repository: string;
  /** The branch, such as `main`. */
  readonly branch: string;
  /**
   * The environment on GitHub that a job has to name, for its protection rules such as required reviewers.
   *
   * @default - none: only jobs without an environment get the role
   */
  readonly environment?: string;
  /**
   * Whether the account's OpenID Connect provider of GitHub is created. An account has at most one: create it in one
   * registry of an account that has none (`aws iam list-open-id-connect-providers`).
   *
   * @default false the account has it
   */
  readonly createProvider?: boolean;
}

export interface GithubRoleProps extends GithubSource {
  readonly roleName: string;
  /** What it is for, such as `pushes images`. */
  readonly does: string;
  /** What the role may do by itself. */
  readonly inlinePolicies: Readonly<Record<string, iam.PolicyDocument>>;
}

/**
 * A role for GitHub Actions without a stored key. The subject of a job that names an environment is that environment; the
 * branch is a claim of its own, which STS knows.
 * https://docs.github.com/en/actions/reference/security/oidc
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
export class GithubRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: GithubRoleProps) {
    super(scope, id);
    assertSource(props);
    const { repository, environment } = props;
    const branch = `refs/heads/${props.branch}`;
    this.role = new iam.Role(this, 'Role', {
      roleName: props.roleName,
      description: `GitHub Actions ${props.does} with this role from ${props.repository}, ${props.branch}`,
      assumedBy: new iam.WebIdentityPrincipal(this.providerArn(props), {
        StringEquals: {
          [`${issuer}:aud`]: 'sts.amazonaws.com',
          [`${issuer}:sub`]: `repo:${repository}:${environment ? `environment:${environment}` : `ref:${branch}`}`,
          ...(environment && { [`${issuer}:ref`]: branch }),
        },
      }),
      inlinePolicies: props.inlinePolicies,
    });
  }

  private providerArn({ createProvider }: GithubSource): string {
    if (!createProvider) {
      return `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:oidc-provider/${issuer}`;
    }
    return new iam.OidcProviderNative(this, 'Provider', {
      url: `https://${issuer}`,
      clientIds: ['sts.amazonaws.com'],
    }).oidcProviderArn;
  }
}

function assertSource({ repository, branch, environment }: GithubSource): void {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) refuse('repository', repository, 'owner/name');
  // Characters that git refuses in a name, and those that a policy could take for wildcards.
  if (!/^[^\s~^:?*[\\]+$/.test(branch)) refuse('branch', branch, 'main');
  // GitHub escapes a colon in a subject, and nothing else.
  if (environment !== undefined && !/^[^:?*]+$/.test(environment)) {
    refuse('environment', environment, 'prod');
  }
}

function refuse(field: string, value: string, example: string): never {
  throw new RegistryDefinitionError(
    'GITHUB_SOURCE',
    `The ${field} of GitHub cannot be "${value}": give one, without wildcards, such as ${example}.`,
  );
}
