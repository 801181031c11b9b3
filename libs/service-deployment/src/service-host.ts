/** The content of a task definition, as RegisterTaskDefinition takes it. */
export type TaskDefinitionContent = Readonly<Record<string, unknown>> & {
  readonly containerDefinitions: readonly (Readonly<Record<string, unknown>> & {
    readonly name?: string;
    readonly image?: string;
  })[];
};

export interface TaskDefinition {
  readonly arn: string;
  readonly content: TaskDefinitionContent;
}

export interface Rollout {
  /** The task definition that the service should run. */
  readonly definitionArn: string;
  readonly state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  /** Why, as the host reports it. */
  readonly reason?: string;
  readonly failedTasks: number;
}

export interface ServiceState {
  /** The current rollout. */
  readonly primary: Rollout;
  /** The task definition of the last rollout that completed, if one is still running. */
  readonly healthyDefinitionArn?: string;
  /** The newest first. */
  readonly events: readonly { readonly id: string; readonly message: string }[];
}

/** What a deployment does to one service: the port to Amazon ECS. Every method may throw a PipelineError. */
export interface ServiceHost {
  /** Undefined if the service does not exist. */
  state(): Promise<ServiceState | undefined>;
  /** The newest active revision of the service's family. */
  latestDefinition(): Promise<TaskDefinition>;
  definition(arn: string): Promise<TaskDefinition>;
  /** Registers a new revision. */
  register(content: TaskDefinitionContent): Promise<TaskDefinition>;
  /** Starts a rollout. */
  rollOut(definitionArn: string): Promise<void>;
  /** Takes a revision out of use, so that it is no longer the newest active one. */
  retire(definitionArn: string): Promise<void>;
}
