import {
  type Environment,
  type LifecyclePolicy,
  type RetentionNumbers,
  type RetentionProfile,
  tagMutability,
} from '@typerush/image-registry';
import { Aws, RemovalPolicy, Stack, Tags, Validations } from 'aws-cdk-lib/core';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { lifecyclePolicyText } from './lifecycle-policy-text';
import { otherAccountPrincipals, type OtherAccounts } from './other-accounts';
import { assertPolicyLength } from './repository-policy-length';
import { lambdaPullActions, pullActions, pushActions } from './repository-actions';

export interface ServiceRepositoryProps {
  /** The full name of the repository, such as `typerush/game-service`. */
  readonly repositoryName: string;
  /** The service whose images it contains. */
  readonly service: string;
  /** Decides whether tags may move, and whether the repository outlives its stack. */
  readonly environment: Environment;
  /** The value of the `Project` resource tag, and the prefix of the `Name` tag. */
  readonly project: string;
  /** Which images expire: a profile, or a policy of the repository's own. Either is checked. */
  readonly retention: RetentionProfile | LifecyclePolicy;
  /**
   * The numbers of the profile that differ for this repository.
   *
   * @default - those of the profile
   */
  readonly keep?: RetentionNumbers;
  /**
   * The KMS key that images are encrypted with, fixed when the repository is made: another one means another repository.
   * A deployment needs `kms:DescribeKey`, `kms:CreateGrant` and `kms:RetireGrant` on it; pushing and pulling need nothing.
   *
   * @default - AES256 with the key that S3 manages
   */
  readonly encryptionKey?: IKey;
}

/** How far {@link ServiceRepository.grantLambdaPull} reaches. */
export interface LambdaPullOptions {
  /**
   * The functions that may pull, by name; `*` matches any run of characters.
   *
   * @default '*' every function of the stack's account and region
   */
  readonly functionName?: string;
}

/**
 * A private repository for the images of one service: scanned on push, encrypted, with the tag mutability of its
 * environment and a lifecycle policy. No role may push or pull without a grant, and a grant goes into the repository's own
 * policy, never into that of the role: the policy is the complete list of grants.
 */
export class ServiceRepository extends Construct {
  readonly repository: ecr.IRepository;
  /** The URI to push to and pull from, as the registry reports it. */
  readonly repositoryUri: string;
  private readonly resource: ecr.CfnRepository;
  private readonly grants = new Map<string, number>();

  /** @throws RegistryDefinitionError if the lifecycle policy is invalid. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceRepositoryProps,
  ) {
    super(scope, id);
    const isProduction = props.environment === 'prod';
    const repository = new ecr.Repository(this, 'Repository', {
      repositoryName: props.repositoryName,
      imageScanOnPush: true,
      ...mutabilityProps(props),
      removalPolicy: isProduction
        ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
        : RemovalPolicy.DESTROY,
      emptyOnDelete: !isProduction,
    });
    this.resource = repository.node.defaultChild as ecr.CfnRepository;
    setPastConstruct(this.resource, props);
    Tags.of(repository).add('Name', `${props.project}-${props.service}-ecr`);
    Tags.of(repository).add('Service', props.service);
    Tags.of(repository).add('Environment', props.environment);
    Tags.of(repository).add('Project', props.project);
    this.repository = repository;
    this.repositoryUri = this.resource.attrRepositoryUri;
  }

  /** Lets the grantee push to this repository. It needs `ecr:GetAuthorizationToken` of its own to log in. */
  grantPush(grantee: iam.IGrantable): iam.Grant {
    return this.grant('Push', grantee, pushActions);
  }

  /** Lets the grantee pull from this repository. It needs `ecr:GetAuthorizationToken` of its own to log in. */
  grantPull(grantee: iam.IGrantable): iam.Grant {
    return this.grant('Pull', grantee, pullActions);
  }

  /**
   * Lets principals of other accounts pull, as far as policies in their accounts let them too.
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
   *
   * @throws RegistryDefinitionError OTHER_ACCOUNTS
   */
  grantPullToOthers(others: OtherAccounts): void {
    for (const grantPrincipal of otherAccountPrincipals(others)) {
      this.grant('PullOfOthers', { grantPrincipal }, pullActions);
    }
    if (!others.organizationId) return;
    Validations.of(this.resource).acknowledge({
      id: 'AwsSolutions-ECR1',
      reason: 'An organization is a condition on any principal: only its accounts may pull.',
    });
  }

  /**
   * Lets Lambda pull for functions of this account and region.
   * https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
   */
  grantLambdaPull({ functionName = '*' }: LambdaPullOptions = {}): iam.Grant {
    const functions = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${functionName}`;
    return this.grant(
      'LambdaPull',
      new iam.ServicePrincipal('lambda.amazonaws.com'),
      lambdaPullActions,
      {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: { 'aws:SourceArn': functions },
      },
    );
  }

  private grant(
    name: string,
    grantee: iam.IGrantable,
    actions: string[],
    conditions?: Record<string, Record<string, string>>,
  ): iam.Grant {
    const nth = (this.grants.get(name) ?? 0) + 1;
    this.grants.set(name, nth);
    const granted = iam.Grant.addStatementToResourcePolicy({
      grantee,
      actions,
      resourceArns: [this.repository.repositoryArn],
      resource: this.repository,
      statement: new iam.PolicyStatement({
        // A policy takes a statement's id once.
        sid: nth === 1 ? name : `${name}${nth}`,
        principals: [grantee.grantPrincipal],
        actions,
        conditions,
      }),
    });
    assertPolicyLength(
      this.props.repositoryName,
      Stack.of(this).resolve(this.resource.repositoryPolicyText),
    );
    return granted;
  }
}

function mutabilityProps({
  environment,
  retention,
}: ServiceRepositoryProps): Partial<ecr.RepositoryProps> {
  const { imageTagMutability, imageTagMutabilityExclusionFilters } = tagMutability(
    environment,
    typeof retention === 'string' ? retention : undefined,
  );
  return {
    imageTagMutability: ecr.TagMutability[imageTagMutability],
    imageTagMutabilityExclusionFilters: imageTagMutabilityExclusionFilters?.map(({ filter }) =>
      ecr.ImageTagMutabilityExclusionFilter.wildcard(filter),
    ),
  };
}

/**
 * Past the L2: it knows lifecycle rules of its own and writes them its own way, and it leaves out the default encryption.
 * The policy is ours to the letter, and the encryption is stated since a change to it replaces the repository.
 */
function setPastConstruct(
  resource: ecr.CfnRepository,
  { repositoryName, retention, keep, encryptionKey }: ServiceRepositoryProps,
): void {
  resource.lifecyclePolicy = {
    lifecyclePolicyText: lifecyclePolicyText(repositoryName, retention, keep),
  };
  resource.encryptionConfiguration = encryptionKey
    ? { encryptionType: 'KMS', kmsKey: encryptionKey.keyArn }
    : { encryptionType: 'AES256' };
}
