import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { lifecyclePolicyText } from './lifecycle-policy-text';
import { RegistryDefinitionError } from './registry-definition-error';

interface UpstreamRegistry {
  /** Its address, or what that looks like if it is another one for each customer. */
  readonly url: string | RegExp;
  readonly needsSecret: boolean;
}

/**
 * The registries that ECR can cache.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-rule.html
 */
const upstreamRegistries = {
  'ecr-public': { url: 'public.ecr.aws', needsSecret: false },
  k8s: { url: 'registry.k8s.io', needsSecret: false },
  quay: { url: 'quay.io', needsSecret: false },
  'docker-hub': { url: 'registry-1.docker.io', needsSecret: true },
  'github-container-registry': { url: 'ghcr.io', needsSecret: true },
  'gitlab-container-registry': { url: 'registry.gitlab.com', needsSecret: true },
  chainguard: { url: 'cgr.dev', needsSecret: true },
  'azure-container-registry': { url: /^[a-z0-9]{5,50}\.azurecr\.io$/, needsSecret: true },
  ecr: { url: /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com$/, needsSecret: false },
} as const satisfies Record<string, UpstreamRegistry>;

export type Upstream = keyof typeof upstreamRegistries;

/** A registry that ECR fetches images from when they are pulled. */
export interface CachedUpstream {
  readonly upstream: Upstream;
  /**
   * What the repositories of its images start with, such as `prod-public`: `public.ecr.aws/docker/library/node` becomes
   * `prod-public/docker/library/node`. An account has each prefix once in a region: environments that share an account need
   * different ones.
   */
  readonly prefix: string;
  /**
   * The address of a registry that has another one for each customer: `azure-container-registry` and `ecr`.
   *
   * @default - the address of the upstream
   */
  readonly url?: string;
  /**
   * The secret with the user name and the access token (`username`, `accessToken`), which Docker Hub, GitHub, GitLab, Azure
   * and Chainguard require. It is in the same account and region, and its name starts with `ecr-pullthroughcache/`.
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
   *
   * @default - none
   */
  readonly secretArn?: string;
  /**
   * The role that ECR pulls with from an ECR in another account.
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
   *
   * @default - none
   */
  readonly roleArn?: string;
}

export interface PullThroughCacheProps {
  readonly upstreams: readonly CachedUpstream[];
}

/** The limits of the API. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html */
const prefixLengths = { min: 2, max: 30 };
const prefixPattern = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;
const secretPattern =
  /^arn:aws(-\w+)*:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\/[\w/+=.@-]+$/;
const rolePattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/;

/** The most rules of a registry. https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const maxRules = 50;

/**
 * Images that nothing points to, such as those that a tag of the upstream has left. A pull imports them again. The images of an
 * index stay with it.
 */
const untaggedDays = 30;

/**
 * Rules by which ECR fetches images of other registries when they are pulled, and how the repositories are made that it keeps
 * them in: scanned like all of the registry, with tags that follow those of the upstream.
 */
export class PullThroughCache extends Construct {
  /** @throws RegistryDefinitionError PULL_THROUGH_CACHE */
  constructor(scope: Construct, id: string, { upstreams }: PullThroughCacheProps) {
    super(scope, id);
    assertUpstreams(upstreams);
    for (const { upstream, prefix, url, secretArn, roleArn } of upstreams) {
      const template = new ecr.CfnRepositoryCreationTemplate(this, `${prefix}Template`, {
        prefix,
        appliedFor: ['PULL_THROUGH_CACHE'],
        description: `Images of ${url ?? upstream}`,
        encryptionConfiguration: { encryptionType: 'AES256' },
        // ECR moves a tag when the upstream has moved it; resource tags would need a role of their own.
        imageTagMutability: 'MUTABLE',
        lifecyclePolicy: lifecyclePolicyText(prefix, {
          rules: [
            {
              rulePriority: 1,
              description: 'Imported again if they are pulled',
              selection: {
                tagStatus: 'untagged',
                countType: 'sinceImagePushed',
                countUnit: 'days',
                countNumber: untaggedDays,
              },
              action: { type: 'expire' },
            },
          ],
        }),
      });
      const rule = new ecr.CfnPullThroughCacheRule(this, `${prefix}Rule`, {
        ecrRepositoryPrefix: prefix,
        upstreamRegistry: upstream,
        upstreamRegistryUrl: url ?? String(upstreamRegistries[upstream].url),
        credentialArn: secretArn,
        customRoleArn: roleArn,
      });
      // A pull between the two would create a repository without the settings.
      rule.node.addDependency(template);
    }
  }
}

/** The repositories of a cache, as the resource of a policy. */
export const cachedRepositories = (prefix: string): string => `${prefix}/*`;

function assertUpstreams(upstreams: readonly CachedUpstream[]): void {
  const wrong = upstreams.flatMap((each) =>
    wrongUpstream(each).map((problem) => `${each.upstream} (${each.prefix}): ${problem}`),
  );
  for (const [nth, { prefix }] of upstreams.entries()) {
    const isTaken = upstreams.slice(0, nth).some((other) => other.prefix === prefix);
    if (isTaken) wrong.push(`the prefix "${prefix}" is used twice`);
  }
  if (upstreams.length === 0) wrong.push('upstreams is empty: name at least one');
  if (upstreams.length > maxRules) wrong.push(`ECR takes at most ${maxRules} rules`);
  if (wrong.length === 0) return;
  throw new RegistryDefinitionError(
    'PULL_THROUGH_CACHE',
    ['The pull-through cache cannot be made:', ...wrong.map((each) => `  - ${each}`)].join('\n'),
  );
}

function wrongUpstream({ upstream, prefix, url, secretArn, roleArn }: CachedUpstream): string[] {
  const { url: address, needsSecret }: UpstreamRegistry = upstreamRegistries[upstream];
  const wrong: string[] = [];
  const isLong = prefix.length < prefixLengths.min || prefix.length > prefixLengths.max;
  if (isLong || !prefixPattern.test(prefix)) {
    wrong.push(
      `invalid prefix, expected ${prefixLengths.min} to ${prefixLengths.max} lower-case letters and digits, such as prod-public`,
    );
  }
  if (typeof address === 'string' && url !== undefined && url !== address) {
    wrong.push(`invalid url "${url}": its address is ${address}, leave url out`);
  }
  if (address instanceof RegExp && !address.test(url ?? '')) {
    wrong.push(`invalid url "${url ?? ''}", expected one that matches ${address.source}`);
  }
  if (needsSecret && secretArn === undefined) {
    wrong.push('secretArn is missing: this registry requires a login');
  }
  if (!needsSecret && secretArn !== undefined) {
    wrong.push('secretArn has no effect here: leave it out');
  }
  if (needsSecret && secretArn !== undefined && !secretPattern.test(secretArn)) {
    wrong.push(
      `invalid secretArn "${secretArn}", expected arn:aws:secretsmanager:<region>:<account>:secret:ecr-pullthroughcache/<name>`,
    );
  }
  if (roleArn !== undefined && (upstream !== 'ecr' || !rolePattern.test(roleArn))) {
    wrong.push(
      upstream === 'ecr'
        ? `invalid roleArn "${roleArn}", expected the ARN of a role`
        : 'roleArn is for the upstream ecr: leave it out',
    );
  }
  return wrong;
}
