// These are the types of the published package: they import nothing, so that they need no other package.

/** Settings of `startEcrLocal`. */
export interface StartOptions {
  /** @default 0: a free port */
  readonly port?: number;
  /** The folder of all data, which survives the process. @default in memory */
  readonly data?: string;
  /** @default ap-southeast-1 */
  readonly region?: string;
  /** Twelve digits. @default 000000000000 */
  readonly account?: string;
  /** Whose registry protocol it speaks: that of Amazon ECR, or of the OCI specification. @default ecr */
  readonly protocol?: 'ecr' | 'oci';
  /** The file of users and roles. @default any credentials are accepted */
  readonly roles?: string;
  /** The time to start at, or the source of the time. @default the time of the machine */
  readonly clock?: Date | (() => Date);
  /** The minimum level that is logged to stdout. @default error */
  readonly logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}

/** The parts are added up. */
export interface Duration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** What a lifecycle policy has done to a repository. */
export interface AppliedPolicy {
  readonly repositoryName: string;
  /** How many images expired. */
  readonly expired: number;
  /** How many images were archived. */
  readonly archived: number;
}

/** The clock of one ecr-local; the one of the machine stays as it is. */
export interface EcrLocalClock {
  now(): Date;
  /**
   * Moves the clock on and applies the lifecycle policies that are due: a day after they were put or last applied.
   *
   * @throws RangeError for a duration that is not positive
   */
  advance(by: Duration): Promise<readonly AppliedPolicy[]>;
  /**
   * Moves the clock to a later time, as `advance`.
   *
   * @throws RangeError for an earlier time
   */
  set(time: Date): Promise<readonly AppliedPolicy[]>;
}

/** Amazon ECR that runs in this process. Close it. */
export interface RunningEcrLocal {
  /** The endpoint of the AWS API, such as http://127.0.0.1:41234. */
  readonly url: string;
  /** The registry in names of images, such as 127.0.0.1:41234. */
  readonly host: string;
  readonly account: string;
  readonly region: string;
  readonly clock: EcrLocalClock;
  /** For a client of the AWS SDK: `new ECRClient(ecrLocal.clientConfig)`. With `roles`, use credentials of that file. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** The same for the environment of a process, such as the AWS CLI or the CDK. */
  readonly env: {
    readonly AWS_ENDPOINT_URL: string;
    readonly AWS_REGION: string;
    /** The AWS CLI 1 reads only this one. */
    readonly AWS_DEFAULT_REGION: string;
    readonly AWS_ACCESS_KEY_ID: string;
    readonly AWS_SECRET_ACCESS_KEY: string;
  };
  /** Ends requests in flight after a second. Data in memory is lost. Safe to call again. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
