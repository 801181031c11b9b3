import { type FindingSeverity } from '@typerush/image-registry';
import { type Environment } from '@typerush/image-registry';
import {
  type BuildNetwork,
  type BuildSource,
  type CachedUpstream,
  type ExistingRoles,
  type GithubSource,
  type OtherAccounts,
  type RegistryEndpointsProps,
  type RegistryLimits,
} from '@typerush/infra-ecr';
import { type RunSettings } from '@typerush/infra-run';

/** What differs from one environment to another beyond its names. A part that is left out is not created. */
export interface EnvironmentSettings {
  /**
   * The ARN of the KMS key that images are encrypted with. It is fixed when a repository is made: to change it, delete
   * the repository first.
   *
   * @default - AES256 with the key that S3 manages
   */
  readonly encryptionKeyArn?: string;
  /**
   * The branch on GitHub whose workflows push. Their jobs name an environment on GitHub, by default one like this: `prod`.
   *
   * @default - GitHub Actions cannot push
   */
  readonly github?: GithubSource;
  /**
   * Existing roles that push or pull, besides those that are created.
   *
   * @default - none
   */
  readonly existingRoles?: ExistingRoles;
  /**
   * Other accounts, or an organization, that may pull.
   *
   * @default - none
   */
  readonly otherAccounts?: OtherAccounts;
  /**
   * The functions of Lambda that may pull, by the service whose images they run: names with `*` for any run of characters.
   *
   * @default - Lambda cannot pull
   */
  readonly lambdaFunctions?: Readonly<Record<string, string>>;
  /**
   * The network that reaches the registry without leaving it. It is defined by ids, so that nothing has to be looked up.
   *
   * @default - the registry is reached through its public addresses
   */
  readonly vpc?: RegistryEndpointsProps;
  /**
   * Registries whose images come through this one: base images, which those that push pull. `baseMirrors` in registry.json
   * then directs builds here. An account has each prefix once in a region: environments that share one need different ones.
   *
   * @default - none: base images come from their registries
   */
  readonly pullThroughCache?: readonly CachedUpstream[];
  /**
   * Who gets alerts by e-mail. Each address has to confirm a mail from SNS.
   *
   * @default - none: the topic exists, and can be subscribed to by other means
   */
  readonly emails?: readonly string[];
  /**
   * How images get here from a commit.
   *
   * @default - nothing is kept of what was delivered
   */
  readonly delivery?: DeliverySettings;
  /**
   * Alerts of findings of scans. Basic scans find packages of the operating system only; `enhanced` ones also read the npm
   * packages that the image lists.
   *
   * @default - none; images are still scanned on push
   */
  readonly scanning?: ScanningSettings;
  /**
   * Measurements, alarms and a dashboard.
   *
   * @default - none
   */
  readonly monitoring?: MonitoringSettings;
  /**
   * A budget, and a watch for anomalies if its monitor is set. Both belong to the account, regardless of the region: declare them in one environment of
   * each account.
   *
   * @default - none
   */
  readonly cost?: CostSettings;
  /**
   * The services of this workspace on ECS Fargate, behind a load balancer. This costs: tasks, the load balancer, and the
   * endpoints of a VPC that is created.
   *
   * @default - none: services run elsewhere
   */
  readonly run?: RunSettings;
}

export interface DeliverySettings {
  /**
   * A CodeBuild project that builds and pushes what a commit affects.
   *
   * @default - none: what delivers is elsewhere, such as GitHub Actions, and finds here the commit that was delivered last
   */
  readonly build?: BuildSettings;
  /**
   * A pipeline that runs `build` for each commit and deploys the services of `run`.
   *
   * @default - none
   */
  readonly pipeline?: PipelineSettings;
}

/** A pipeline of AWS CodePipeline. Its source is the connection of `build.source`, which has to be of the type codepipeline. */
export interface PipelineSettings {
  readonly owner: string;
  readonly repository: string;
  readonly branch: string;
  /** Whether a person approves each deployment. @default - only in prod */
  readonly approval?: boolean;
}

export interface BuildSettings {
  readonly source: BuildSource;
  /**
   * The bucket that receives what deployments read, such as `imagedefinitions.json`: that of the pipeline, or else any of
   * the account.
   */
  readonly artifactBucketName: string;
  /** @default oci which needs no privileged build host */
  readonly engine?: 'oci' | 'docker';
  /** @default - caches stay on the build host */
  readonly cacheBucketName?: string;
  /**
   * The VPC that builds run in, to reach the registry through the endpoints of `vpc`.
   *
   * @default - that of CodeBuild
   */
  readonly network?: BuildNetwork;
  /** @default - artifacts are encrypted with the key that AWS manages for S3 */
  readonly encryptionKeyArn?: string;
}

export interface ScanningSettings {
  /** The minimum severity that is reported. @default CRITICAL */
  readonly threshold?: FindingSeverity;
  /**
   * Amazon Inspector scans in the place of ECR: a setting of the whole registry, and one that costs.
   *
   * @default false
   */
  readonly enhanced?: boolean;
}

export interface MonitoringSettings {
  /** The limits that raise alarms. The default of the size is derived from the budget. */
  readonly limits?: Omit<RegistryLimits, 'findings'>;
  /**
   * A scheduled check whether a lifecycle policy would expire an image that ECS or Lambda uses in the account and region.
   *
   * @default true
   */
  readonly imagesInUse?: boolean;
}

export interface CostSettings {
  /** What ECR may cost a month, in USD. @default 5 */
  readonly monthlyUsd?: number;
  /**
   * Alerts of unusual spending: the ARN of the account's monitor of AWS services (`aws ce get-anomaly-monitors`), or
   * `create` if the account has none. It takes only one, and usually has it from AWS.
   *
   * @default - none
   */
  readonly anomalyMonitor?: string;
}

const watched: EnvironmentSettings = { delivery: {}, scanning: {}, monitoring: {} };

/** Change these to fit the accounts that you deploy to; `local` goes to ecr-local. */
export const environmentSettings: Readonly<Record<Environment, EnvironmentSettings>> = {
  local: { ...watched, cost: {} },
  dev: { ...watched, cost: {} },
  staging: watched,
  prod: { ...watched, cost: {} },
};
