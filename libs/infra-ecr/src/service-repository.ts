import {
  type Environment,
  type RetentionProfile,
  retentionPolicy,
  tagMutability,
} from '@typerush/image-registry';
import { Aws, RemovalPolicy, Tags } from 'aws-cdk-lib/core';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { lambdaPullActions, pullActions, pushActions } from './repository-actions';

export interface ServiceRepositoryProps {
  /** The full name of the repository, such as `typerush/game-service`. */
  readonly repositoryName: string;
  /** The service whose images it holds. */
  readonly service: string;
  /** Decides whether tags may move, and whether the repository outlives its stack. */
  readonly environment: Environment;
  /** What the `Project` tag says, and the `Name` tag starts with. */
  readonly project: string;
  /** Which images expire. */
  readonly retention: RetentionProfile;
}

/** How far {@link ServiceRepository.grantLambdaPull} reaches. */
export interface LambdaPullOptions {
  /**
   * The functions that may pull, by name; `*` stands for any run of characters.
   *
   * @default '*' every function of the stack's account and region
   */
  readonly functionName?: string;
}

/**
 * A private repository for the images of one service: scanned on push, encrypted, with the tag mutability of its
 * environment and a lifecycle policy. Nobody may push or pull before a grant, and a grant goes into the repository's own
 * policy, never into that of the one who gets it: the policy tells all there is to tell.
 */
export class ServiceRepository extends Construct {
  readonly repository: ecr.IRepository;
  /** Where to push and pull, as the registry itself tells it. */
  readonly repositoryUri: string;
  private readonly grants = new Map<string, number>();

  constructor(scope: Construct, id: string, props: ServiceRepositoryProps) {
    super(scope, id);
    const isProduction = props.environment === 'prod';
    const repository = new ecr.Repository(this, 'Repository', {
      repositoryName: props.repositoryName,
      imageScanOnPush: true,
      ...mutabilityProps(props.environment),
      removalPolicy: isProduction ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      emptyOnDelete: !isProduction,
    });
    const resource = repository.node.defaultChild as ecr.CfnRepository;
    setPastConstruct(resource, props.retention);
    Tags.of(repository).add('Name', `${props.project}-${props.service}-ecr`);
    Tags.of(repository).add('Service', props.service);
    Tags.of(repository).add('Environment', props.environment);
    Tags.of(repository).add('Project', props.project);
    this.repository = repository;
    this.repositoryUri = resource.attrRepositoryUri;
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
    return iam.Grant.addStatementToResourcePolicy({
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
  }
}

function mutabilityProps(environment: Environment): Partial<ecr.RepositoryProps> {
  const { imageTagMutability, imageTagMutabilityExclusionFilters } = tagMutability(environment);
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
function setPastConstruct(resource: ecr.CfnRepository, retention: RetentionProfile): void {
  resource.lifecyclePolicy = { lifecyclePolicyText: JSON.stringify(retentionPolicy(retention)) };
  resource.encryptionConfiguration = { encryptionType: 'AES256' };
}
