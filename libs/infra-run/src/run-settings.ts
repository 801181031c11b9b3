/** The VPC that tasks run in, by ids, so that nothing has to be looked up. */
export interface ExistingNetwork {
  readonly vpcId: string;
  /** The address range of the VPC, such as `10.0.0.0/16`. */
  readonly cidr: string;
  /** For the load balancer: at least two, in different availability zones. */
  readonly publicSubnetIds: readonly string[];
  /**
   * For the tasks. Without a way out, such as a NAT gateway, they need the endpoints of the registry (`vpc` of the
   * environment) and of Secrets Manager.
   */
  readonly privateSubnetIds: readonly string[];
  /**
   * Whether an endpoint of Secrets Manager is created, from which ECS reads the secrets of tasks.
   *
   * @default false the VPC has one, or a way out
   */
  readonly secretsEndpoint?: boolean;
}

/** A VPC that is created: public subnets for the load balancer, private ones without a way out, and endpoints. */
export interface NewNetwork {
  /** Its address range, of 16 to 24 bits, such as `10.20.0.0/16`. */
  readonly cidr: string;
}

/** An existing database or cache whose security group has to let the tasks in. */
export interface DataStore {
  readonly securityGroupId: string;
  readonly port: number;
}

export interface RunServiceSettings {
  /** CPU units, 1024 of which are one processor. @default 256 */
  readonly cpu?: number;
  /** Memory in MB. @default 512 */
  readonly memoryMb?: number;
  /** How many tasks run, by their load. @default one */
  readonly tasks?: { readonly min: number; readonly max: number };
  /** Variables. None of them may be a secret: everybody who may describe a task sees them. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Variables whose values ECS reads from Secrets Manager, by the ARN of the secret: the URL of an existing PostgreSQL or Redis. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Other services of `run` that it calls, by the variable that gets the address: `{ RECORD_SERVICE_URL: 'record-service' }`. */
  readonly calls?: Readonly<Record<string, string>>;
  /** Whether the load balancer forwards all requests to it: one service has to be public. @default false */
  readonly public?: boolean;
}

/** How the services of an environment run. */
export interface RunSettings {
  readonly network: ExistingNetwork | NewNetwork;
  /** The certificate of the load balancer, in AWS Certificate Manager. */
  readonly certificateArn: string;
  /**
   * A bucket for the access log of the load balancer, with the policy that Elastic Load Balancing requires.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   *
   * @default - no access log: services log their requests
   */
  readonly accessLogBucketName?: string;
  /** @default - none, or their security groups let the VPC in */
  readonly dataStores?: readonly DataStore[];
  /** By name; each needs an image.json. */
  readonly services: Readonly<Record<string, RunServiceSettings>>;
}

/** A service with what its image.json declares. */
export interface RunService extends RunServiceSettings {
  readonly name: string;
  readonly repositoryName: string;
  readonly port: number;
  /** The path that answers 200 while the process is alive. */
  readonly health: string;
  /** The path that answers 200 once it can serve. @default health */
  readonly ready?: string;
  /** The platform of its images. @default linux/amd64 */
  readonly platform?: 'linux/amd64' | 'linux/arm64';
}
