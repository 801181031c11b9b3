import { Aws } from 'aws-cdk-lib/core';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { RegistryDefinitionError } from './registry-definition-error';

const issuer = 'token.actions.githubusercontent.com';

/** The one branch of the one repository whose workflows get the role. */
export interface GithubSource {
  /** `owner/name` of the repository. */
  readonly repository: string;
  /** The branch, such as `main`. */
  readonly branch: string;
  /**
   * The ARN of the account's OpenID Connect provider of GitHub. An account has at most one: leave it out only if it has
   * none, and only in one registry.
   *
   * @default - one is made
   */
  readonly providerArn?: string;
}

export interface GithubPushRoleProps extends GithubSource {
  readonly roleName: string;
  /** What the role may do by itself. */
  readonly inlinePolicies: Readonly<Record<string, iam.PolicyDocument>>;
}

/**
 * A role for GitHub Actions without a stored key. A job that names a GitHub environment has another subject than its
 * branch, and does not get the role.
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export class GithubPushRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: GithubPushRoleProps) {
    super(scope, id);
    assertSource(props);
    this.role = new iam.Role(this, 'Role', {
      roleName: props.roleName,
      description: `GitHub Actions pushes images with this role from ${props.repository}, ${props.branch}`,
      assumedBy: new iam.WebIdentityPrincipal(this.providerArn(props), {
        StringEquals: {
          [`${issuer}:aud`]: 'sts.amazonaws.com',
          [`${issuer}:sub`]: `repo:${props.repository}:ref:refs/heads/${props.branch}`,
        },
      }),
      inlinePolicies: props.inlinePolicies,
    });
  }

  /** The account in a given ARN is left to the stack: a provider of another is of no use. */
  private providerArn({ providerArn }: GithubSource): string {
    if (providerArn) return `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:oidc-provider/${issuer}`;
    return new iam.OidcProviderNative(this, 'Provider', {
      url: `https://${issuer}`,
      clientIds: ['sts.amazonaws.com'],
    }).oidcProviderArn;
  }
}

const providerArnPattern =
  /^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/;

function assertSource({ repository, branch, providerArn }: GithubSource): void {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) refuse('repository', repository, 'owner/name');
  // Characters that git refuses in a name, and those that a policy could take for wildcards.
  if (!/^[^\s~^:?*[\\]+$/.test(branch)) refuse('branch', branch, 'main');
  if (providerArn !== undefined && !providerArnPattern.test(providerArn)) {
    refuse('providerArn', providerArn, `arn:aws:iam::123456789012:oidc-provider/${issuer}`);
  }
}

function refuse(field: string, value: string, example: string): never {
  throw new RegistryDefinitionError(
    'GITHUB_SOURCE',
    `The ${field} of GitHub cannot be "${value}": give one, without wildcards, such as ${example}.`,
  );
}
